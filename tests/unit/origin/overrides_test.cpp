// SPDX-License-Identifier: Apache-2.0
// Overrides win, and slips in them are errors.
#include "core/origin/overrides.h"
#include "tests/support/value.h"

namespace railhub::origin {

using util::Code;

TEST_CASE("overrides change licenses and upstreams of the artifact they name") {
    const Overrides overrides = tests::value(parse_overrides(
        "format: lineage-overrides/1\nartifacts:\n- id: Org/Model\n  license: apache-2.0\n  "
        "upstreams:\n  - {id: org/teacher@v2, role: teacher}\n  - {id: org/data, role: dataset}\n  "
        "without: [org/wrong]\n- id: org/model\n  kind: dataset\n  license: mit\n"
    ));
    Facts facts;
    add_claim(facts, {compliance::Basis::Declared, "gpl-3.0", "README.md", "", true});
    UpstreamFact wrong;
    wrong.to.id = "org/wrong";
    wrong.said.where = "README.md: base_model";
    add_upstream(facts, wrong);
    Facts untouched = facts;
    CHECK(apply_overrides(untouched, overrides, types::RepoKind::Model, "org/other").empty());
    CHECK(untouched.upstreams == facts.upstreams);

    const auto notes = apply_overrides(facts, overrides, types::RepoKind::Model, "org/model");
    REQUIRE(notes.size() == 1);
    CHECK(notes[0] == "'org/wrong', named by README.md: base_model, is left out by an override");
    CHECK(facts.licenses == std::vector<std::string>{"apache-2.0"});
    CHECK(facts.claims.size() == 2);
    REQUIRE(facts.upstreams.size() == 2);
    CHECK(facts.upstreams[0].to.revision == "v2");
    CHECK(facts.upstreams[0].activity == compliance::Activity::Distil);
    CHECK(facts.upstreams[1].to.kind == types::RepoKind::Dataset);
}

TEST_CASE("JSON is taken too; slips are named") {
    REQUIRE_OK(parse_overrides(R"({"format": "lineage-overrides/1", "artifacts": []})"));
    const auto refused = [](const std::string& body) {
        return parse_overrides("format: lineage-overrides/1\nartifacts:\n" + body);
    };
    REQUIRE_ERROR(parse_overrides(""), Code::InvalidInput);
    REQUIRE_ERROR(parse_overrides("format: other/1\nartifacts: []"), Code::InvalidInput);
    REQUIRE_ERROR(refused("- licence: mit\n  id: a/b\n"), Code::InvalidInput);
    REQUIRE_ERROR(refused("- license: mit\n"), Code::InvalidInput);
    REQUIRE_ERROR(refused("- just a text\n"), Code::InvalidInput);
    REQUIRE_ERROR(refused("- id: a/b\n  upstreams: x\n"), Code::InvalidInput);
    REQUIRE_ERROR(refused("- id: a/b\n  upstreams: [{role: teacher}]\n"), Code::InvalidInput);
    REQUIRE_ERROR(refused("- id: a/b\n  upstreams: [{id: c/d, role: x}]\n"), Code::InvalidInput);
    REQUIRE_ERROR(
        refused("- id: a/b\n  upstreams: [{id: c/d, activity: x}]\n"), Code::InvalidInput
    );
    REQUIRE_ERROR(refused("- id: a/b\n  kind: x\n"), Code::InvalidInput);
}

} // namespace railhub::origin
