// SPDX-License-Identifier: Apache-2.0
// Adds nodes and edges and runs the built-in catalogue over them.
#include "tests/unit/compliance/builder.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <set>

namespace railhub::tests {

const license::Catalogue& built_in_catalogue() {
    static const license::Catalogue kCatalogue = [] {
        auto loaded = license::Catalogue::built_in();
        REQUIRE_OK(loaded);
        return std::move(loaded).value();
    }();
    return kCatalogue;
}

std::size_t LineageBuilder::model(std::string id, std::vector<std::string> licenses) {
    compliance::Node node;
    node.id = std::move(id);
    node.licenses = std::move(licenses);
    lineage.nodes.push_back(std::move(node));
    return lineage.nodes.size() - 1;
}

std::size_t LineageBuilder::dataset(std::string id, std::vector<std::string> licenses) {
    const std::size_t index = model(std::move(id), std::move(licenses));
    lineage.nodes[index].kind = compliance::ArtifactKind::Dataset;
    return index;
}

void LineageBuilder::edge(
    std::size_t from, std::size_t to, compliance::Role role, compliance::Activity activity
) {
    lineage.edges.push_back({from, to, role, activity, {}});
}

compliance::Lineage fine_tune(const std::string& subject_license, const std::string& base_license) {
    LineageBuilder build;
    build.model("acme/chat", {subject_license});
    build.model("org/base", {base_license});
    build.edge(0, 1);
    return build.lineage;
}

report::Report evaluate_default(const compliance::Lineage& lineage) {
    return compliance::evaluate(lineage, {}, {}, built_in_catalogue());
}

std::vector<std::string> rules_of(const report::Report& report, report::Severity least) {
    std::vector<std::string> ids;
    for (const report::Finding& finding : report.findings) {
        if (finding.severity >= least &&
            std::find(ids.begin(), ids.end(), finding.rule) == ids.end()) {
            ids.push_back(finding.rule);
        }
    }
    return ids;
}

const report::Finding& only_finding(const report::Report& report, const std::string& rule) {
    const report::Finding* found = nullptr;
    for (const report::Finding& finding : report.findings) {
        if (finding.rule == rule) {
            REQUIRE(found == nullptr);
            found = &finding;
        }
    }
    REQUIRE(found != nullptr);
    return *found;
}

std::vector<std::string> missing_ids(const report::Report& report) {
    std::set<std::string> ids;
    for (const report::Finding& finding : report.findings) {
        for (const report::MissingClause& clause : finding.missing) {
            for (const report::MissingRestriction& restriction : clause.restrictions) {
                ids.insert(restriction.id);
            }
        }
    }
    return {ids.begin(), ids.end()};
}

} // namespace railhub::tests
