// SPDX-License-Identifier: Apache-2.0
// Allow and deny lists over a lineage.
#include "core/project/allow.h"
#include "tests/support/catch.h"
#include "tests/support/value.h"

namespace railhub::project {

namespace {

const license::Catalogue& known_licenses() {
    static const license::Catalogue kCatalogue = tests::value(license::Catalogue::built_in());
    return kCatalogue;
}

compliance::Lineage uses_of(const std::vector<std::string>& labels) {
    compliance::Lineage lineage;
    lineage.nodes.emplace_back();
    lineage.nodes.front().id = "helpdesk";
    for (const std::string& label : labels) {
        compliance::Node node;
        node.id = "acme/m" + std::to_string(lineage.nodes.size());
        if (!label.empty()) {
            node.licenses = {label};
        }
        lineage.edges.push_back(
            {0,
             lineage.nodes.size(),
             compliance::Role::Component,
             compliance::Activity::Embed,
             {},
             {}}
        );
        lineage.nodes.push_back(node);
    }
    return lineage;
}

std::vector<Word> words(const std::vector<std::string>& texts) {
    std::vector<Word> out;
    for (const std::string& text : texts) {
        out.push_back({text, {}});
    }
    return out;
}

// "code artifact" of each finding.
std::vector<std::string>
judged_labels(const std::vector<std::string>& labels, const PolicyRules& policy) {
    std::set<std::size_t> used;
    std::vector<std::string> out;
    for (const report::Finding& finding :
         judge_allowed(uses_of(labels), policy, known_licenses(), used)) {
        out.push_back(finding.rule + " " + finding.chain.back().artifact);
    }
    return out;
}

using Said = std::vector<std::string>;

} // namespace

TEST_CASE("without lists everything is let in") {
    CHECK(judged_labels({"mit", "agpl-3.0", ""}, {}) == Said{});
}

TEST_CASE("denied are licenses, families and terms, whatever way an expression leaves") {
    PolicyRules policy;
    policy.deny = words({"agpl-3.0", "term:non-commercial"});
    CHECK(
        judged_labels({"mit", "agpl-3.0", "cc-by-nc-4.0", "MIT OR AGPL-3.0"}, policy) ==
        Said{"allow.denied acme/m2", "allow.denied acme/m3"}
    );
}

TEST_CASE("with an allow list the rest is out, and so is what states nothing") {
    PolicyRules policy;
    policy.allow = words({"family:permissive", "llama2"});
    CHECK(
        judged_labels({"mit", "llama2", "gemma", "", "house-terms"}, policy) ==
        Said{"allow.not-listed acme/m3", "allow.not-listed acme/m4", "allow.not-listed acme/m5"}
    );
}

TEST_CASE("terms that are fine let in licenses that ask for nothing else") {
    PolicyRules policy;
    policy.allow_terms = words({"include-license", "retain-notices"});
    const Said out = judged_labels({"mit", "cc-by-sa-4.0"}, policy);
    CHECK(out == Said{"allow.not-listed acme/m2"});
}

TEST_CASE("an exception lets one artifact in, and is counted as used") {
    PolicyRules policy;
    policy.deny = words({"cc-by-nc-4.0"});
    policy.exceptions.push_back({{"ACME/m1", {}}, words({"cc-by-nc-4.0"}), "by contract"});
    policy.exceptions.push_back({{"acme/other", {}}, words({"mit"}), "unused"});
    std::set<std::size_t> used;
    const auto findings =
        judge_allowed(uses_of({"cc-by-nc-4.0", "cc-by-nc-4.0"}), policy, known_licenses(), used);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].chain.back().artifact == "acme/m2");
    CHECK(used == std::set<std::size_t>{0});
}

TEST_CASE("names that the catalogue does not know are said, with the nearest") {
    PolicyRules policy;
    policy.allow = words({"apache-2.0", "apache-2.1", "family:permisive"});
    policy.deny = words({"term:non-commercial", "term:nothing"});
    const auto findings = check_policy_names(policy, known_licenses());
    REQUIRE(findings.size() == 3);
    CHECK(findings[0].rule == "policy.unknown-license");
    CHECK(findings[0].fix.find("apache-2.0") != std::string::npos);
}

} // namespace railhub::project
