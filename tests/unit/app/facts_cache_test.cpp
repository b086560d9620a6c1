// SPDX-License-Identifier: Apache-2.0
// The cache of facts: by endpoint, name, commit and knowledge; bounded; never in the way.
#include "core/app/facts_cache.h"
#include "tests/support/catch.h"
#include "tests/support/fault_fs.h"

namespace railhub::app {

namespace {

const UpstreamName kBase{types::RepoKind::Model, "org/base", {}};

origin::Facts facts_named(const std::string& license) {
    origin::Facts facts;
    origin::add_claim(facts, {compliance::Basis::Declared, license, "README.md", "", true});
    origin::settle_licenses(facts);
    return facts;
}

} // namespace

TEST_CASE("facts come back for the same endpoint, name, commit and knowledge only") {
    tests::FaultFs fs;
    FactsCache cache(fs, "/c", "k1");
    CHECK_FALSE(cache.facts("http://hub", kBase, "abc"));
    cache.keep("http://hub", kBase, "abc", facts_named("mit"));
    CHECK(cache.facts("http://hub", kBase, "abc") == facts_named("mit"));
    CHECK_FALSE(cache.facts("http://other", kBase, "abc"));
    CHECK_FALSE(cache.facts("http://hub", kBase, "abd"));
    CHECK_FALSE(cache.facts("http://hub", {types::RepoKind::Dataset, "org/base", {}}, "abc"));
    CHECK_FALSE(FactsCache(fs, "/c", "k2").facts("http://hub", kBase, "abc"));

    Upstream upstream;
    upstream.id = "new/base";
    upstream.revision = "abc";
    cache.saw("http://hub", kBase, upstream);
    REQUIRE(cache.seen("http://hub", kBase));
    CHECK(cache.seen("http://hub", kBase)->id == "new/base");
    CHECK(cache.seen("http://hub", kBase)->revision == "abc");
    CHECK_FALSE(cache.seen("http://hub", {types::RepoKind::Model, "org/base", "v1"}));
}

TEST_CASE("broken and foreign entries are as if they were not there; deleting is safe") {
    tests::FaultFs fs;
    FactsCache cache(fs, "/c", "k");
    cache.keep("http://hub", kBase, "abc", facts_named("mit"));
    const std::string path = fs.files().at(0);
    for (const std::string_view text : {"", "{", "{\"key\":\"other\"}", "[]"}) {
        REQUIRE_OK(util::write_atomic(fs, path, util::as_bytes(text)));
        CHECK_FALSE(cache.facts("http://hub", kBase, "abc"));
    }
    REQUIRE_OK(fs.remove_tree("/c"));
    CHECK_FALSE(cache.facts("http://hub", kBase, "abc"));
    cache.keep("http://hub", kBase, "abc", facts_named("mit"));
    CHECK(cache.facts("http://hub", kBase, "abc"));
    const auto broken = tests::FaultFs::always_failing();
    FactsCache useless(*broken, "/c", "k");
    useless.keep("http://hub", kBase, "abc", facts_named("mit"));
    CHECK_FALSE(useless.facts("http://hub", kBase, "abc"));
}

TEST_CASE("the cache is bounded in entries and in the size of one") {
    tests::FaultFs fs;
    FactsCache cache(fs, "/c", "k", {.max_entries = 256, .max_entry_bytes = 10'000});
    for (int i = 0; i < 2'000; ++i) {
        cache.keep("http://hub", kBase, std::to_string(i), facts_named("mit"));
    }
    CHECK(fs.files().size() <= 256);
    origin::Facts large = facts_named("mit");
    large.new_version = std::string(20'000, 'x');
    cache.keep("http://hub", kBase, "large", large);
    CHECK_FALSE(cache.facts("http://hub", kBase, "large"));
}

} // namespace railhub::app
