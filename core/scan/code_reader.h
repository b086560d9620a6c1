// SPDX-License-Identifier: Apache-2.0
// Models and datasets named by code in languages that are read without a grammar of their own. An
// id is a use where a call that loads takes it, or where the names it goes by say so: of the
// variable, field, key, function or table it is given to.
#pragma once

#include "core/scan/commands.h"

#include <string_view>

namespace railhub::scan {

void read_code(
    const Tables& tables,
    std::string_view path,
    std::string_view text,
    const PlaceOf& place_of,
    Collector& collector
);

} // namespace railhub::scan
