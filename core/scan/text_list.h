// SPDX-License-Identifier: Apache-2.0
// Lists in plain text: addresses from which something is downloaded, and ids, one a line.
#pragma once

#include "core/scan/commands.h"

#include <string_view>

namespace railhub::scan {

// Ids count only where the name of the file says what it lists: models.txt.
void read_text_list(
    const Tables& tables,
    std::string_view path,
    std::string_view text,
    const PlaceOf& place_of,
    Collector& collector
);

} // namespace railhub::scan
