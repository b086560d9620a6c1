// SPDX-License-Identifier: Apache-2.0
// THE TABLE of formats for bills of materials. `railhub bom --format NAME`, its help, the hub's
// route and the tests come from it.
#pragma once

#include "core/bom/bom.h"
#include "core/util/json.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::bom {

struct Format {
    std::string_view name;    // "cyclonedx"
    std::string_view summary; // one line for --help
    std::string_view media_type;
    util::Json (*render)(const Bom&); // same bill, same value
};

std::span<const Format> formats();
// nullptr when there is none of that name.
const Format* find_format(std::string_view name);
std::vector<std::string> format_names();

// CycloneDX 1.6.
util::Json to_cyclonedx(const Bom& bom);
// SPDX 3.0.1 as JSON-LD.
util::Json to_spdx3(const Bom& bom);

} // namespace railhub::bom
