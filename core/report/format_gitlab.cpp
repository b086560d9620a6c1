// SPDX-License-Identifier: Apache-2.0
// GitLab code quality: schemas/gitlab-code-quality.schema.json says which members it reads.
#include "core/report/fingerprint.h"
#include "core/report/formats.h"
#include "core/report/phrases.h"

#include <array>

namespace railhub::report {

namespace {

using util::Json;

constexpr std::array<std::string_view, 3> kGrades = {"info", "major", "critical"};

} // namespace

std::string render_gitlab(const Report& report, const RenderOptions& /*options*/) {
    const std::vector<std::string> prints = fingerprints(report.findings);
    Json list = Json::array();
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
        const Finding& finding = report.findings[i];
        const Location place = finding.location.value_or(Location{std::string(kNoPlace), 0, 0});
        std::string description = one_line(finding.subject) + ": " + one_line(finding.message);
        if (!finding.fix.empty()) {
            description += "; fix: " + one_line(finding.fix);
        }
        list.push_back(Json::object({
            {"type", "issue"},
            {"description", std::move(description)},
            {"check_name", finding.rule},
            {"fingerprint", prints[i]},
            {"severity", kGrades.at(static_cast<std::size_t>(finding.severity))},
            {"location",
             Json::object(
                 {{"path", place.path},
                  {"lines", Json::object({{"begin", place.line > 0 ? place.line : 1U}})}}
             )},
        }));
    }
    return list.dump_pretty();
}

} // namespace railhub::report
