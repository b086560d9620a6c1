// SPDX-License-Identifier: Apache-2.0
// THE TABLE of report formats. `--format NAME`, its help and the golden tests come from it.
#pragma once

#include "core/report/report.h"
#include "core/util/json.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace railhub::report {

// What a piece of the text format is, for those who paint it.
enum class Emphasis : std::uint8_t { Error, Warning, Note, Good, Heading, Marker };

enum class Explain : std::uint8_t { No, Yes };

// How a report is shown; never which findings it has.
struct RenderOptions {
    // Paints a piece of the text format; empty: nothing is painted. Borrowed while rendering.
    std::function<std::string(Emphasis, std::string_view)> paint = {};
    // Text and Markdown: the page of each finding's rule after it.
    Explain explain = Explain::No;
    // Findings that make this verdict or a worse one are failures in JUnit; in the text only they
    // have the block of a waiver.
    Verdict fail_on = Verdict::Conflict;
};

struct Format {
    std::string_view name;    // "text"
    std::string_view summary; // one line for --help
    std::string_view media_type;
    std::string (*render)(const Report&, const RenderOptions&); // newline-terminated
};

std::span<const Format> formats();
// nullptr when there is none of that name.
const Format* find_format(std::string_view name);

// The file that stands for the subject where a finding names none and a format must have one.
constexpr std::string_view kNoPlace = "README.md";

std::string render_text(const Report& report, const RenderOptions& options = {});
std::string render_json(const Report& report, const RenderOptions& options = {});
// SARIF 2.1.0. The chain is in relatedLocations; what is waived is suppressed.
std::string render_sarif(const Report& report, const RenderOptions& options = {});
// JUnit XML as Jenkins and GitLab read it.
std::string render_junit(const Report& report, const RenderOptions& options = {});
// Workflow commands of GitHub Actions.
std::string render_github(const Report& report, const RenderOptions& options = {});
// GitLab code quality.
std::string render_gitlab(const Report& report, const RenderOptions& options = {});
// A review comment of at most 60,000 bytes: a table, then details as far as there is room.
std::string render_markdown(const Report& report, const RenderOptions& options = {});
// RFC 4180 with a header line; cells that a spreadsheet would run begin with an apostrophe.
std::string render_csv(const Report& report, const RenderOptions& options = {});

// The value behind render_json; schemas/check-report.v1.schema.json describes it. The server puts
// it into its replies as it is.
util::Json to_json(const Report& report);

} // namespace railhub::report
