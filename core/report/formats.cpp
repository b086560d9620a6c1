// SPDX-License-Identifier: Apache-2.0
// The rows of the table.
#include "core/report/formats.h"

#include <array>

namespace railhub::report {

namespace {

constexpr std::array kFormats = {
    Format{"text", "for people", "text/plain; charset=utf-8", &render_text},
    Format{"json", "schemas/check-report.v1.schema.json", "application/json", &render_json},
    Format{"sarif", "SARIF 2.1.0, for code scanning", "application/sarif+json", &render_sarif},
    Format{"junit", "JUnit XML, for test reports", "application/xml", &render_junit},
    Format{"github", "annotations of GitHub Actions", "text/plain; charset=utf-8", &render_github},
    Format{"gitlab", "GitLab code quality", "application/json", &render_gitlab},
    Format{"markdown", "a comment for a review", "text/markdown; charset=utf-8", &render_markdown},
    Format{"csv", "a table, RFC 4180", "text/csv; charset=utf-8", &render_csv},
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
