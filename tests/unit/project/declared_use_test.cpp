// SPDX-License-Identifier: Apache-2.0
// Purposes against clauses: forbidden, allowed, or for somebody to state.
#include "core/project/declared_use.h"
#include "tests/support/catch.h"
#include "tests/support/value.h"

namespace railhub::project {

namespace {

const license::Catalogue& knowledge() {
    static const license::Catalogue kCatalogue = tests::value(license::Catalogue::built_in());
    return kCatalogue;
}

// helpdesk -> acme/voice (mit) -> lab/base (the license).
compliance::Lineage laundered(const std::string& base_license) {
    compliance::Lineage lineage;
    for (const auto& [id, label] :
         {std::pair<std::string, std::string>{"helpdesk", "apache-2.0"},
          {"acme/voice", "mit"},
          {"lab/base", base_license}}) {
        compliance::Node node;
        node.id = id;
        node.licenses = {label};
        lineage.nodes.push_back(node);
    }
    lineage.edges.push_back({0, 1, compliance::Role::Component, compliance::Activity::Embed, {}, {}}
    );
    lineage.edges.push_back(
        {1, 2, compliance::Role::BaseModel, compliance::Activity::Finetune, {}, {}}
    );
    return lineage;
}

UseJudged judged(
    const std::string& base_license,
    const std::vector<std::string>& purposes,
    const std::vector<Attestation>& attestations = {}
) {
    DeclaredUse use;
    for (const std::string& purpose : purposes) {
        use.purposes.push_back({purpose, {}});
    }
    return judge_use(laundered(base_license), use, attestations, knowledge(), Purposes::built_in());
}

} // namespace

TEST_CASE("a purpose that falls under a clause of an ancestor is forbidden, with clause and chain"
) {
    const UseJudged out = judged("creativeml-openrail-m", {"medical-advice"});
    REQUIRE_FALSE(out.findings.empty());
    const report::Finding& finding = out.findings.front();
    CHECK(finding.rule == "use.forbidden");
    CHECK(finding.severity == report::Severity::Error);
    CHECK(finding.chain.size() == 3);
    REQUIRE_FALSE(finding.citations.empty());
    CHECK(finding.citations[0].license == "creativeml-openrail-m");
    CHECK(finding.message.find("'medical.advice'") != std::string::npos);
}

TEST_CASE("what depends on how it is done needs a statement, and is quiet once it is made") {
    const UseJudged open = judged("bigscience-bloom-rail-1.0", {"translation"});
    REQUIRE(open.findings.size() == 1);
    CHECK(open.findings[0].rule == "use.needs-statement");
    CHECK(open.findings[0].severity == report::Severity::Warning);
    Attestation statement;
    statement.keeps = {{"transparency.undisclosed-ai", {}}};
    CHECK(judged("bigscience-bloom-rail-1.0", {"translation"}, {statement}).findings.empty());
    statement.keeps = {{"transparency", {}}};
    CHECK(judged("bigscience-bloom-rail-1.0", {"translation"}, {statement}).findings.empty());
    // A statement does not make a forbidden purpose right.
    statement.keeps = {{"medical", {}}};
    CHECK_FALSE(judged("creativeml-openrail-m", {"medical-advice"}, {statement}).findings.empty());
}

TEST_CASE("other purposes are allowed, and without purposes nothing can be judged") {
    CHECK(judged("creativeml-openrail-m", {"document-search"}).findings.empty());
    CHECK(judged("mit", {"weapons", "hiring"}).findings.empty());
    const UseJudged none = judged("creativeml-openrail-m", {});
    CHECK(none.findings.empty());
    CHECK(none.unjudged == std::set<std::string>{"creativeml-openrail-m"});
    CHECK(judged("mit", {}).unjudged.empty());
}

TEST_CASE("variants and branches of the taxonomy decide as they are written") {
    const Purpose purpose{
        "x",
        Purpose::Kind::Purpose,
        "",
        {"medical.advice", "military"},
        {"medical.advice#substitute"}};
    CHECK(touch(purpose, {"medical.advice", "any"}) == Touch::Forbidden);
    CHECK(touch(purpose, {"medical.advice", "substitute"}) == Touch::NeedsStatement);
    CHECK(touch(purpose, {"medical", ""}) == Touch::Forbidden);
    CHECK(touch(purpose, {"military.any", ""}) == Touch::Forbidden);
    CHECK(touch(purpose, {"medical.interpretation", "any"}) == Touch::Allowed);
}

TEST_CASE("every row of purposes names restrictions of the taxonomy") {
    for (const Purpose& row : Purposes::built_in().rows()) {
        for (const auto* list : {&row.forbids, &row.asks}) {
            for (const std::string& entry : *list) {
                INFO(row.id << " " << entry);
                CHECK(knowledge().taxonomy().contains(entry.substr(0, entry.find('#'))));
            }
        }
    }
}

} // namespace railhub::project
