// SPDX-License-Identifier: Apache-2.0
// The JSON report: schemas/check-report.v1.schema.json. Absent values are null, never missing
// members.
#include "core/report/formats.h"

namespace railhub::report {

namespace {

using util::Json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Json location_json(const std::optional<Location>& location) {
    if (!location) {
        return {};
    }
    return Json::object(
        {{"path", location->path}, {"line", location->line}, {"column", location->column}}
    );
}

Json chain_json(const std::vector<ChainLink>& chain) {
    Json links = Json::array();
    for (const ChainLink& link : chain) {
        links.push_back(Json::object({
            {"artifact", link.artifact},
            {"license", text_or_null(link.license)},
            {"relation", text_or_null(link.relation)},
        }));
    }
    return links;
}

Json citations_json(const std::vector<Citation>& citations) {
    Json list = Json::array();
    for (const Citation& citation : citations) {
        list.push_back(Json::object({{"license", citation.license}, {"section", citation.section}})
        );
    }
    return list;
}

Json missing_json(const std::vector<MissingClause>& missing) {
    Json clauses = Json::array();
    for (const MissingClause& clause : missing) {
        Json restrictions = Json::array();
        for (const MissingRestriction& restriction : clause.restrictions) {
            const bool absent = restriction.gap == MissingRestriction::Gap::Absent;
            restrictions.push_back(Json::object({
                {"id", restriction.id},
                {"variant", text_or_null(restriction.variant)},
                {"gap", absent ? "absent" : "narrower"},
            }));
        }
        clauses.push_back(
            Json::object({{"section", clause.section}, {"restrictions", std::move(restrictions)}})
        );
    }
    return clauses;
}

Json finding_json(const Finding& finding) {
    return Json::object({
        {"rule", finding.rule},
        {"severity", severity_word(finding.severity)},
        {"subject", finding.subject},
        {"message", finding.message},
        {"fix", text_or_null(finding.fix)},
        {"location", location_json(finding.location)},
        {"chain", chain_json(finding.chain)},
        {"citations", citations_json(finding.citations)},
        {"missing", missing_json(finding.missing)},
        {"waiver", text_or_null(finding.waiver)},
    });
}

Json artifact_json(const Artifact& artifact) {
    Json used_at = Json::array();
    for (const Location& place : artifact.used_at) {
        used_at.push_back(location_json(place));
    }
    return Json::object({
        {"id", artifact.id},
        {"kind", artifact.kind},
        {"revision", text_or_null(artifact.revision)},
        {"license", text_or_null(artifact.license)},
        {"relation", text_or_null(artifact.relation)},
        {"used_at", std::move(used_at)},
    });
}

Json obligation_json(const Obligation& obligation) {
    return Json::object({
        {"id", obligation.id},
        {"license", obligation.license},
        {"section", obligation.section},
        {"artifact", obligation.artifact},
        {"note", text_or_null(obligation.note)},
    });
}

Json waived_json(const Waived& waived) {
    return Json::object({
        {"finding", finding_json(waived.finding)},
        {"owner", text_or_null(waived.owner)},
        {"reason", text_or_null(waived.reason)},
        {"until", text_or_null(waived.until)},
    });
}

template <class Item>
Json list_json(const std::vector<Item>& items, Json (*convert)(const Item&)) {
    Json list = Json::array();
    for (const Item& item : items) {
        list.push_back(convert(item));
    }
    return list;
}

} // namespace

util::Json to_json(const Report& report) {
    return Json::object({
        {"format", "check-report/1"},
        {"subject", report.subject},
        {"verdict", verdict_word(report.verdict())},
        {"knowledge", report.knowledge},
        {"counts",
         Json::object({
             {"errors", report.count(Severity::Error)},
             {"warnings", report.count(Severity::Warning)},
             {"notes", report.count(Severity::Note)},
         })},
        {"lineage", list_json(report.lineage, artifact_json)},
        {"findings", list_json(report.findings, finding_json)},
        {"obligations", list_json(report.obligations, obligation_json)},
        {"waived", list_json(report.waived, waived_json)},
        {"known", report.known},
        {"unchanged", report.unchanged},
    });
}

std::string render_json(const Report& report, const RenderOptions& /*options*/) {
    return to_json(report).dump_pretty();
}

} // namespace railhub::report
