// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/suggest.
#include "core/compliance/suggest.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

#include <algorithm>

namespace railhub::compliance {

namespace {

std::vector<std::string> suggested(const Lineage& lineage) {
    std::vector<std::string> ids;
    for (const Suggestion& suggestion : suggest(lineage, {}, {}, tests::built_in_catalogue())) {
        CHECK(suggestion.report.verdict() <= report::Verdict::OkWithObligations);
        ids.push_back(suggestion.id);
    }
    return ids;
}

bool has(const std::vector<std::string>& ids, const std::string& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

TEST_CASE("licenses that cover the restrictions are suggested, and own terms that carry them") {
    const std::vector<std::string> ids =
        suggested(tests::fine_tune("mit", "creativeml-openrail-m"));
    CHECK(has(ids, "creativeml-openrail-m"));
    CHECK(has(ids, "openrail++"));
    CHECK(has(ids, "bigscience-openrail-m"));
    CHECK_FALSE(has(ids, "mit"));
    CHECK_FALSE(has(ids, "bigcode-openrail-m"));
    CHECK(ids.back() == "other");
}

TEST_CASE("restrictions that the terms hold already let freer labels be suggested, with them") {
    Lineage lineage = tests::fine_tune("other", "creativeml-openrail-m");
    const license::Catalogue& licenses = tests::built_in_catalogue();
    for (const license::Restriction& one : licenses.restriction_set("creativeml-A")->flat()) {
        lineage.nodes[0].carries.push_back(
            "use-restriction:" + one.id + (one.variant.empty() ? "" : "#" + one.variant)
        );
    }
    lineage.nodes[0].prose_license = "mit"; // goes with the old label
    const auto found = suggest(lineage, {}, {}, licenses);
    const auto of = [&](const std::string& id) {
        return std::find_if(found.begin(), found.end(), [&](const Suggestion& suggestion) {
            return suggestion.id == id;
        });
    };
    REQUIRE(of("bigcode-openrail-m") != found.end());
    CHECK(has(of("bigcode-openrail-m")->carries, "use-restriction:minors.harm"));
    REQUIRE(of("creativeml-openrail-m") != found.end());
    CHECK_FALSE(has(of("creativeml-openrail-m")->carries, "use-restriction:minors.harm"));
}

TEST_CASE("nothing is suggested where nothing can satisfy the lineage") {
    tests::LineageBuilder build;
    build.model("acme/merged", {"other"});
    build.model("org/a", {"openrail++"});
    build.model("org/b", {"cc-by-sa-4.0"});
    build.edge(0, 1, Role::MergeSource, Activity::Merge);
    build.edge(0, 2, Role::MergeSource, Activity::Merge);
    CHECK(suggested(build.lineage).empty());
}

TEST_CASE("clauses to carry come with their place and meaning, the notice with names and phrases") {
    const Lineage lineage = tests::fine_tune("other", "llama3.1");
    const auto clauses = clauses_to_carry(lineage, {}, {}, tests::built_in_catalogue());
    REQUIRE_FALSE(clauses.empty());
    CHECK(clauses.front().set == "llama3.1-aup");
    CHECK(clauses.front().section == "1.a");
    CHECK_FALSE(clauses.front().meaning.empty());
    const std::string notice = notice_text(lineage, {}, {}, tests::built_in_catalogue());
    CHECK_THAT(notice, ContainsSubstring("- org/base\n  under Llama 3.1 Community License"));
    CHECK_THAT(notice, ContainsSubstring("Built with Llama"));
    CHECK(clauses_to_carry(tests::fine_tune("mit", "mit"), {}, {}, tests::built_in_catalogue())
              .empty());
}

} // namespace railhub::compliance
