// SPDX-License-Identifier: Apache-2.0
// Tests of core/compliance/case_file.
#include "core/compliance/case_file.h"
#include "tests/support/catch.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

std::vector<WorkedCase> cases_of(const std::string& cases) {
    const auto json =
        util::parse_json(R"({"format": "compliance-cases/1", "cases": )" + cases + "}");
    REQUIRE_OK(json);
    auto parsed = parse_cases(*json);
    REQUIRE_OK(parsed);
    return std::move(parsed).value();
}

CaseResult result_of(const std::string& cases) {
    return run_case(cases_of(cases).at(0), tests::built_in_catalogue());
}

constexpr const char* kFineTune = R"([{"id": "x", "upstreams":
    [{"role": "base-model", "license": "creativeml-openrail-m", "rev": "1a2b"}],
    "action": "finetune-distribute", "downstream": {"license": "bigscience-bloom-rail-1.0"},
    "expect": {"verdict": "conflict", "missing_restrictions": ["deception.disinformation"]}}])";

} // namespace

TEST_CASE("a case runs and is compared in verdict, obligations and missing restrictions") {
    const CaseResult result = result_of(kFineTune);
    CHECK(result.has_passed);
    CHECK(result.differences.empty());
    CHECK(result.report.lineage.at(1).revision == "1a2b");
    const CaseResult wrong = result_of(R"([{"upstreams": [{"role": "base-model", "license": "mit"}],
        "action": "finetune-distribute", "downstream": {"license": "mit"},
        "expect": {"verdict": "ok", "obligations_at_least": ["register"],
                   "missing_restrictions": ["law.violation"]}}])");
    CHECK_FALSE(wrong.has_passed);
    CHECK(
        wrong.differences ==
        std::vector<std::string>{
            "verdict is ok-with-obligations, not ok",
            "obligations not reported: register",
            "restrictions not reported missing: law.violation"}
    );
}

TEST_CASE("a case that makes no sense fails and does not hide the others") {
    const auto cases = cases_of(
        R"([{"id": "a", "action": "dance", "expect": {"verdict": "ok"}},
            {"id": "b", "action": "use-internal", "upstreams": [{"role": "uncle"}]},
            {"id": "c", "action": "use-internal", "policy": {"service-terms": "maybe"}},
            {"id": "d", "action": "use-internal", "expect": {"verdict": "fine"}},
            7,
            {"id": "f", "action": "use-internal", "upstreams": [{"role": "base-model", "license": "mit"}],
             "expect": {"verdict": "ok"}}])"
    );
    REQUIRE(cases.size() == 6);
    CHECK_THAT(cases[0].problem, ContainsSubstring("unknown action 'dance'"));
    CHECK_THAT(cases[1].problem, ContainsSubstring("unknown role 'uncle'"));
    CHECK_THAT(cases[2].problem, ContainsSubstring("'service-terms' has no value 'maybe'"));
    CHECK_THAT(cases[3].problem, ContainsSubstring("'expect.verdict'"));
    CHECK_FALSE(cases[4].problem.empty());
    CHECK(cases[4].id == "case 5");
    CHECK_FALSE(run_case(cases[0], tests::built_in_catalogue()).has_passed);
    CHECK(run_case(cases[5], tests::built_in_catalogue()).has_passed);
}

TEST_CASE("members of a wrong kind are not passed over") {
    for (const char* member :
         {R"("upstreams": 7)",
          R"("upstreams": [{"role": "base-model", "license": 3}])",
          R"("downstream": [])",
          R"("downstream": {"license": ["mit"]})",
          R"("downstream": {"carries": "source"})",
          R"("context": "no")",
          R"("policy": [])"}) {
        const auto cases = cases_of(
            R"([{"action": "use-internal", "expect": {"verdict": "ok"}, )" + std::string(member) +
            "}]"
        );
        INFO(member);
        CHECK_FALSE(cases.at(0).problem.empty());
    }
    CHECK(result_of(R"([{"action": "use-internal", "upstreams": null, "context": null,
                         "expect": {"verdict": "ok"}}])")
              .has_passed);
}

TEST_CASE("facts that nothing reads are said, not refused") {
    const auto cases = cases_of(
        R"([{"action": "use-internal", "context": {"weather": "fine", "mau_now": "many", "commercial": true},
             "expect": {"verdict": "ok"}}])"
    );
    CHECK(cases.at(0).problem.empty());
    CHECK(cases.at(0).notes.size() == 2);
    CHECK(cases.at(0).use.purpose == Use::Purpose::Commercial);
}

TEST_CASE("what is no file of cases is refused") {
    for (const char* text : {"{}", "[]", R"({"format": "compliance-cases/1"})", "7"}) {
        const auto json = util::parse_json(text);
        REQUIRE_OK(json);
        REQUIRE_ERROR(parse_cases(*json), util::Code::InvalidInput);
    }
}

} // namespace railhub::compliance
