// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 with what code hosts read: rules with help, places, stable fingerprints.
#include "core/report/excerpt.h"
#include "core/report/fingerprint.h"
#include "core/report/formats.h"
#include "core/report/phrases.h"
#include "core/util/url.h"
#include "core/util/version.h"

#include <algorithm>
#include <array>

namespace railhub::report {

namespace {

using util::Json;

// The folder that was checked; whoever reads the file says where that is.
constexpr std::string_view kRoot = "%SRCROOT%";

struct Level {
    Severity severity;
    std::string_view word;
    std::string_view problem; // how code hosts order findings
};

constexpr std::array kLevels = {
    Level{Severity::Note, "note", "recommendation"},
    Level{Severity::Warning, "warning", "warning"},
    Level{Severity::Error, "error", "error"},
};

const Level& level_of(Severity severity) {
    return kLevels.at(static_cast<std::size_t>(severity));
}

Json text_json(std::string text) {
    return Json::object({{"text", std::move(text)}});
}

std::string sentence(std::string_view text) {
    std::string out = printable(text, Lines::Many);
    if (!out.empty() && out.back() != '.' && out.back() != '!' && out.back() != '?') {
        out += '.';
    }
    return out;
}

// A finding of the run: it stands among the findings or among the waived ones.
struct SarifResult {
    const Finding* finding = nullptr;
    const Waived* waived = nullptr;
};

std::vector<SarifResult> results_of(const Report& report) {
    std::vector<SarifResult> all;
    for (const Finding& finding : report.findings) {
        all.push_back({&finding, nullptr});
    }
    for (const Waived& waived : report.waived) {
        all.push_back({&waived.finding, &waived});
    }
    return all;
}

// Ids of rules in the order of their first finding.
std::vector<std::string> rule_ids(const std::vector<SarifResult>& results) {
    std::vector<std::string> ids;
    for (const SarifResult& result : results) {
        if (std::find(ids.begin(), ids.end(), result.finding->rule) == ids.end()) {
            ids.push_back(result.finding->rule);
        }
    }
    return ids;
}

// The worst severity that the rule has in this run.
Severity worst_of(const std::vector<SarifResult>& results, const std::string& rule) {
    Severity worst = Severity::Note;
    for (const SarifResult& result : results) {
        if (result.finding->rule == rule) {
            worst = std::max(worst, result.finding->severity);
        }
    }
    return worst;
}

Json sarif_rule(const Report& report, const std::string& id, Severity worst) {
    const RuleText* page = rule_text(report, id);
    const std::string title = page != nullptr ? sentence(page->title) : sentence("Finding " + id);
    const std::string help = page != nullptr ? sentence(page->help) : title;
    Json rule = Json::object({{"id", id}});
    if (page != nullptr && page->name != id) {
        rule.set("name", page->name);
    }
    rule.set("shortDescription", text_json(title));
    rule.set("fullDescription", text_json(title + " " + help));
    rule.set(
        "help",
        Json::object(
            {{"text", title + "\n\n" + help},
             {"markdown",
              "**" + id + "** " + title + "\n\n" + help +
                  "\n\nOn the command line: `railhub explain " + id + "`."}}
        )
    );
    rule.set("defaultConfiguration", Json::object({{"level", level_of(worst).word}}));
    rule.set(
        "properties",
        Json::object(
            {{"tags", Json::array_of(std::vector<std::string>{"license", "compliance"})},
             {"precision", "high"},
             {"problem.severity", level_of(worst).problem}}
        )
    );
    return rule;
}

Json physical_location(const Report& report, const std::optional<Location>& location) {
    const std::string& path = location ? location->path : std::string(kNoPlace);
    Json place = Json::object(
        {{"artifactLocation",
          Json::object({{"uri", util::percent_encode(path, "/")}, {"uriBaseId", kRoot}})}}
    );
    // Readers want a region; the first line stands for a whole file.
    const Location at = location.value_or(Location{});
    Json region = Json::object({{"startLine", std::max(at.line, 1U)}});
    const SourceLine* line = source_line(report, at);
    if (at.line > 0 && at.column > 0) {
        region.set("startColumn", code_point_column(line, at.column));
        if (line != nullptr) {
            region.set("endLine", at.line);
            region.set("endColumn", code_point_end(*line, at.column));
        }
    }
    if (line != nullptr) {
        region.set("snippet", text_json(one_line(line->text)));
    }
    place.set("region", std::move(region));
    return place;
}

Json logical_location(const std::string& artifact) {
    return Json::object({{"fullyQualifiedName", one_line(artifact)}, {"kind", "module"}});
}

// The chain as places to visit; all of them lead to where the finding stands.
Json related_locations(const Report& report, const Finding& finding) {
    Json all = Json::array();
    for (const ChainLink& link : finding.chain) {
        const std::string relation =
            link.relation.empty() ? "checked" : one_line(link.relation) + " of";
        all.push_back(Json::object(
            {{"id", all.as_array()->size()},
             {"message",
              text_json(
                  relation + " " + one_line(link.artifact) + " (" + license_or_none(link.license) +
                  ")."
              )},
             {"physicalLocation", physical_location(report, finding.location)},
             {"logicalLocations", Json::array_of(std::vector{logical_location(link.artifact)})}}
        ));
    }
    return all;
}

Json result_message(const Finding& finding) {
    std::string text = one_line(finding.subject) + ": " + sentence(one_line(finding.message));
    if (!finding.citations.empty()) {
        text += " Terms: " + citations_text(finding.citations) + ".";
    }
    if (!finding.fix.empty()) {
        text += " Fix: " + sentence(finding.fix);
    }
    return text_json(std::move(text));
}

// What SARIF has no member for.
Json result_properties(const Finding& finding) {
    Json properties = Json::object({{"subject", finding.subject}});
    if (!finding.chain.empty()) {
        properties.set("chain", chain_text(finding.chain));
    }
    if (!finding.citations.empty()) {
        properties.set("terms", citations_text(finding.citations));
    }
    if (!finding.missing.empty()) {
        properties.set("missing", missing_text(finding.missing));
    }
    if (!finding.fix.empty()) {
        properties.set("fix", finding.fix);
    }
    if (!finding.waiver.empty()) {
        properties.set("waiver", finding.waiver);
    }
    return properties;
}

Json suppressions_of(const Waived* waived) {
    Json all = Json::array();
    if (waived != nullptr) {
        std::string why = sentence(waived->reason);
        why += waived->owner.empty() ? "" : " Accepted by " + one_line(waived->owner) + ".";
        why += waived->until.empty() ? "" : " Until " + one_line(waived->until) + ".";
        all.push_back(Json::object(
            {{"kind", "external"}, {"status", "accepted"}, {"justification", std::move(why)}}
        ));
    }
    return all;
}

Json sarif_result(
    const Report& report,
    const SarifResult& result,
    const std::vector<std::string>& rules,
    const std::string& print
) {
    const Finding& finding = *result.finding;
    const auto index = std::find(rules.begin(), rules.end(), finding.rule) - rules.begin();
    Json location =
        Json::object({{"physicalLocation", physical_location(report, finding.location)}});
    location.set(
        "logicalLocations", Json::array_of(std::vector{logical_location(finding.subject)})
    );
    Json json = Json::object({
        {"ruleId", finding.rule},
        {"ruleIndex", index},
        {"level", level_of(finding.severity).word},
        {"message", result_message(finding)},
        {"locations", Json::array_of(std::vector{std::move(location)})},
        {"partialFingerprints", Json::object({{"railhubFinding/v1", print}})},
    });
    if (finding.chain.size() > 1) {
        json.set("relatedLocations", related_locations(report, finding));
    }
    // Where one result says whether it is suppressed, all have to.
    if (!report.waived.empty()) {
        json.set("suppressions", suppressions_of(result.waived));
    }
    json.set("properties", result_properties(finding));
    return json;
}

Json sarif_run(const Report& report) {
    const std::vector<SarifResult> results = results_of(report);
    const std::vector<std::string> ids = rule_ids(results);
    std::vector<Finding> findings;
    for (const SarifResult& result : results) {
        findings.push_back(*result.finding);
    }
    const std::vector<std::string> prints = fingerprints(findings);
    Json rules = Json::array();
    for (const std::string& id : ids) {
        rules.push_back(sarif_rule(report, id, worst_of(results, id)));
    }
    Json list = Json::array();
    for (std::size_t i = 0; i < results.size(); ++i) {
        list.push_back(sarif_result(report, results[i], ids, prints[i]));
    }
    const Json driver = Json::object({
        {"name", "railhub"},
        {"fullName", "railhub check, with " + report.knowledge},
        {"version", util::kVersion},
        {"semanticVersion", util::kVersion},
        {"rules", std::move(rules)},
    });
    return Json::object({
        {"tool", Json::object({{"driver", driver}})},
        {"automationDetails", Json::object({{"id", "railhub/check/" + one_line(report.subject)}})},
        {"columnKind", "unicodeCodePoints"},
        {"originalUriBaseIds",
         Json::object(
             {{std::string(kRoot),
               Json::object({{"description", text_json("The folder that railhub ran in.")}})}}
         )},
        {"results", std::move(list)},
        {"properties", Json::object({{"verdict", verdict_word(report.verdict())}})},
    });
}

} // namespace

std::string render_sarif(const Report& report, const RenderOptions& /*options*/) {
    return Json::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array_of(std::vector{sarif_run(report)})}}
    ).dump_pretty();
}

} // namespace railhub::report
