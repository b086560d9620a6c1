// SPDX-License-Identifier: Apache-2.0
// The worked cases of the shared reference data and our own (format: licenses 7.1), all of them.
#include "core/compliance/case_file.h"
#include "core/util/text.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"
#include "tests/unit/compliance/builder.h"

namespace railhub::compliance {

namespace {

// Runs every case of a file; a failure names case and difference.
std::size_t run_file(const std::string& text) {
    const auto json = util::parse_json(text);
    REQUIRE_OK(json);
    const auto cases = parse_cases(*json);
    REQUIRE_OK(cases);
    for (const WorkedCase& worked : *cases) {
        const CaseResult result = run_case(worked, tests::built_in_catalogue());
        INFO(worked.id << " " << worked.title);
        CHECK(util::join(result.differences, "; ") == "");
    }
    return cases->size();
}

} // namespace

TEST_CASE("the shared cases have their verdicts, obligations and missing restrictions") {
    const auto path = tests::shared_path("data/compliance-cases.json");
    if (!path) {
        RAILHUB_SKIP("no shared reference data");
    }
    CHECK(run_file(tests::read_data(*path)) >= 105);
}

TEST_CASE("our own cases: every rule and every policy switch both ways") {
    const std::string text = tests::read_data(tests::data_path("data/compliance/cases.json"));
    CHECK(run_file(text) >= 593);
}

} // namespace railhub::compliance
