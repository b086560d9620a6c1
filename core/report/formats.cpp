// SPDX-License-Identifier: Apache-2.0
// The rows of the table.
#include "core/report/formats.h"

#include <array>

namespace railhub::report {

namespace {

constexpr std::array kFormats = {
    Format{"text", "for people", "text/plain; charset=utf-8", &render_text},
    Format{"json", "schemas/check-report.v1.schema.json", "application/json", &render_json},
};

} // namespace

std::span<const Format> formats() {
    return kFormats;
}

const Format* find_format(std::string_view name) {
    for (const Format& format : kFormats) {
        if (format.name == name) {
            return &format;
        }
    }
    return nullptr;
}

} // namespace railhub::report
