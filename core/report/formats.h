// SPDX-License-Identifier: Apache-2.0
// THE TABLE of report formats. `--format NAME`, its help and the golden tests come from it.
#pragma once

#include "core/report/report.h"
#include "core/util/json.h"

#include <span>
#include <string>
#include <string_view>

namespace railhub::report {

struct Format {
    std::string_view name;    // "text"
    std::string_view summary; // one line for --help
    std::string_view media_type;
    std::string (*render)(const Report&); // newline-terminated
};

std::span<const Format> formats();
// nullptr when there is none of that name.
const Format* find_format(std::string_view name);

std::string render_text(const Report& report);
std::string render_json(const Report& report);
// The value behind render_json; schemas/check-report.v1.schema.json describes it. The server puts
// it into its replies as it is.
util::Json to_json(const Report& report);

} // namespace railhub::report
