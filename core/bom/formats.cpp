// SPDX-License-Identifier: Apache-2.0
// The rows.
#include "core/bom/formats.h"

#include <algorithm>
#include <array>

namespace railhub::bom {

namespace {

constexpr std::array kFormats = {
    Format{
        "cyclonedx",
        "CycloneDX 1.6, JSON",
        "application/vnd.cyclonedx+json; version=1.6",
        &to_cyclonedx},
    Format{"spdx3", "SPDX 3.0.1, JSON-LD", "application/spdx+json", &to_spdx3},
};

} // namespace

std::span<const Format> formats() {
    return kFormats;
}

const Format* find_format(std::string_view name) {
    const auto found = std::find_if(kFormats.begin(), kFormats.end(), [name](const Format& format) {
        return format.name == name;
    });
    return found == kFormats.end() ? nullptr : &*found;
}

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const Format& format : kFormats) {
        names.emplace_back(format.name);
    }
    return names;
}

} // namespace railhub::bom
