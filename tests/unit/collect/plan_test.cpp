// SPDX-License-Identifier: Apache-2.0
// A plan is written and read back without loss, and says what is wrong with one that is not ours.
#include "core/collect/plan.h"
#include "tests/support/catch.h"
#include "tests/support/value.h"

namespace railhub::collect {

namespace {

Plan some_plan() {
    Plan plan;
    plan.made_ms = 1'767'323'045'006;
    plan.cutoff_ms = -5;
    const types::BlobRef blob{util::sha256(util::as_bytes("x")), 7};
    xet::Hash hash;
    hash.bytes[3] = 9;
    plan.histories.push_back(
        {3,
         "aa",
         "models/acme/a",
         {types::Oid(), types::Oid::from(util::sha1({}).view())},
         {blob},
         70}
    );
    plan.repos.push_back({4, "bb", "datasets/acme/b", 30});
    plan.uploads.push_back({5, "models/ada/c", blob});
    plan.files.push_back({hash, blob});
    plan.segments.push_back({hash, 11, "models/acme/a"});
    plan.objects.push_back({"blobs/ab/abcd", 5, ""});
    plan.caches.push_back({"packs/x/y", 2, ""});
    plan.skipped.push_back("models/bad/one: broken");
    return plan;
}

} // namespace

TEST_CASE("a plan comes back from JSON as it was") {
    const Plan plan = some_plan();
    const std::string text = to_json(plan).dump_pretty();
    const Plan again = tests::value(parse_plan(text));
    CHECK(to_json(again).dump() == to_json(plan).dump());
    CHECK(again.histories.at(0).objects == plan.histories.at(0).objects);
    CHECK(again.cutoff_ms == -5);
    CHECK_FALSE(again.is_empty());
    CHECK(again.store_bytes() == 18);
    CHECK(again.database_bytes() == 100);
    CHECK(tests::value(parse_plan(to_json(Plan()).dump())).is_empty());
}

TEST_CASE("a plan is summed up by repo and by owner") {
    const Plan plan = some_plan();
    const auto repos = shares_by_repo(plan);
    REQUIRE(repos.size() == 4);
    CHECK(repos[0].name == "models/acme/a");
    CHECK(repos[0].bytes == 81);
    const auto owners = shares_by_owner(plan);
    REQUIRE(owners.size() == 3);
    CHECK(owners[0].name == "acme");
    CHECK(owners[0].bytes == 111);
    CHECK(owners[1].name.empty());
}

TEST_CASE("what is no plan is refused with the reason") {
    const auto wrong = [](const std::string& from, const std::string& to) {
        std::string text = to_json(some_plan()).dump();
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
        const auto parsed = parse_plan(text);
        REQUIRE_ERROR(parsed, util::Code::InvalidInput);
    };
    wrong("gc-plan/1", "gc-plan/2");
    wrong("\"row\":3", "\"row\":\"3\"");
    wrong("\"segments\":[", "\"segment\":[");
    wrong(util::sha256(util::as_bytes("x")).hex(), "beef");
    wrong("{", "[");
    REQUIRE_ERROR(parse_plan("{}"), util::Code::InvalidInput);
    REQUIRE_ERROR(parse_plan(""), util::Code::InvalidInput);
}

} // namespace railhub::collect
