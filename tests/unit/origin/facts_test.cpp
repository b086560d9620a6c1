// SPDX-License-Identifier: Apache-2.0
// Facts as they are kept, and which claim is in force.
#include "core/origin/facts.h"
#include "tests/support/value.h"

namespace railhub::origin {

using compliance::Basis;

namespace {

Facts sample_facts() {
    Facts facts;
    add_claim(facts, {Basis::Inherited, "llama2", "m.gguf: general.license", "", true});
    add_claim(facts, {Basis::Declared, "mit", "README.md", "own", true});
    add_claim(facts, {Basis::Detected, "mit", "LICENSE", "exact", true});
    facts.license_name = "own";
    facts.carries = {"license-text:mit"};
    UpstreamFact fact;
    fact.to = {Reference::Place::Repo, types::RepoKind::Dataset, "o/d", "v1"};
    fact.role = compliance::Role::Dataset;
    fact.activity = compliance::Activity::Train;
    fact.said = {Basis::Declared, "README.md: datasets"};
    fact.weight = UpstreamFact::Weight::Hint;
    fact.location = report::Location{"README.md", 3, 4};
    add_upstream(facts, fact);
    add_upstream(facts, fact);
    facts.new_version = "o/next";
    facts.task = "text-generation";
    add_problem(facts, "adapter_config.json: broken");
    add_note(facts, "config.json: broken");
    facts.license_files = {{"LICENSE", std::string(64, 'a')}};
    facts.card_sha256 = std::string(64, 'b');
    facts.license_at = report::Location{"README.md", 2, 1};
    settle_licenses(facts);
    return facts;
}

} // namespace

TEST_CASE("facts go to JSON and back") {
    const Facts facts = sample_facts();
    CHECK(facts.upstreams.size() == 1);
    CHECK(tests::value(parse_facts(to_json(facts))) == facts);
    util::Json other = to_json(facts);
    other.set("format", "artifact-facts/1");
    REQUIRE_ERROR(parse_facts(other), util::Code::Corrupt);
    REQUIRE_ERROR(parse_facts(util::Json()), util::Code::Corrupt);
    REQUIRE_ERROR(
        parse_facts(tests::value(util::parse_json(
            R"({"format":"artifact-facts/2","claims":[],"upstreams":[{"kind":"model"}]})"
        ))),
        util::Code::Corrupt
    );
}

TEST_CASE("the strongest claim is in force; parts of texts never are") {
    Facts facts = sample_facts();
    CHECK(facts.licenses == std::vector<std::string>{"mit"});
    CHECK(facts.claims.front().basis == Basis::Declared);
    facts.claims.erase(facts.claims.begin());
    facts.claims.front().is_whole = false;
    settle_licenses(facts);
    CHECK(facts.licenses == std::vector<std::string>{"llama2"});
    add_claim(facts, {Basis::Override, "apache-2.0", "override", "", true});
    settle_licenses(facts);
    CHECK(facts.licenses == std::vector<std::string>{"apache-2.0"});
}

TEST_CASE("lists of facts are bounded") {
    Facts facts;
    for (int i = 0; i < 3'000; ++i) {
        UpstreamFact fact;
        fact.to.id = "o/m" + std::to_string(i);
        add_upstream(facts, fact);
        add_claim(facts, {Basis::Declared, "l" + std::to_string(i), "README.md", "", true});
        add_problem(facts, "p" + std::to_string(i));
    }
    CHECK(facts.upstreams.size() == kMaxUpstreams);
    CHECK(facts.claims.size() <= 64);
    CHECK(facts.problems.size() == kMaxProblems);
    settle_licenses(facts);
    CHECK(facts.licenses.size() == kMaxLabels);
}

} // namespace railhub::origin
