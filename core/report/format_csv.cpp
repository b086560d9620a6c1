// SPDX-License-Identifier: Apache-2.0
// A row for each finding, for spreadsheets.
#include "core/report/fingerprint.h"
#include "core/report/formats.h"
#include "core/report/phrases.h"

namespace railhub::report {

namespace {

std::string csv_cell(std::string_view text) {
    constexpr std::string_view kFormulas = "=+-@\t\r";
    std::string out = "\"";
    if (!text.empty() && kFormulas.find(text.front()) != std::string_view::npos) {
        out += '\'';
    }
    for (const char ch : text) {
        out += ch;
        if (ch == '"') {
            out += '"';
        }
    }
    return out + '"';
}

std::string csv_row(const std::vector<std::string>& cells) {
    std::string row;
    for (const std::string& cell : cells) {
        row += (row.empty() ? "" : ",") + csv_cell(cell);
    }
    return row + "\r\n";
}

std::string csv_number(std::uint32_t number) {
    return number == 0 ? std::string() : std::to_string(number);
}

} // namespace

std::string render_csv(const Report& report, const RenderOptions& /*options*/) {
    const std::vector<std::string> prints = fingerprints(report.findings);
    std::string out = csv_row(
        {"severity",
         "rule",
         "subject",
         "path",
         "line",
         "column",
         "message",
         "terms",
         "chain",
         "missing",
         "fix",
         "fingerprint"}
    );
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
        const Finding& finding = report.findings[i];
        const Location place = finding.location.value_or(Location{});
        out += csv_row(
            {std::string(severity_word(finding.severity)),
             one_line(finding.rule),
             one_line(finding.subject),
             one_line(place.path),
             csv_number(place.line),
             csv_number(place.column),
             one_line(finding.message),
             citations_text(finding.citations),
             chain_text(finding.chain),
             missing_text(finding.missing),
             printable(finding.fix, Lines::Many),
             prints[i]}
        );
    }
    return out;
}

} // namespace railhub::report
