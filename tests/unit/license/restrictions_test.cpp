// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/restrictions.
#include "core/license/catalogue.h"
#include "core/license/restrictions.h"
#include "tests/support/catch.h"

#include <map>
#include <set>

namespace railhub::license {

namespace {

const Catalogue& catalogue() {
    static const Catalogue kCatalogue = [] {
        auto loaded = Catalogue::built_in();
        REQUIRE_OK(loaded);
        return std::move(loaded).value();
    }();
    return kCatalogue;
}

struct Count {
    std::size_t missing = 0; // ids
    std::size_t absent = 0;

    bool operator==(const Count&) const = default;
};

Count count_gaps(std::string_view required, std::string_view carried) {
    const RestrictionSet* upstream = catalogue().restriction_set(required);
    const RestrictionSet* downstream = catalogue().restriction_set(carried);
    REQUIRE(upstream != nullptr);
    REQUIRE(downstream != nullptr);
    const std::vector<Restriction> have = downstream->flat();
    std::set<std::string> missing;
    std::set<std::string> absent;
    for (const Uncovered& gap : uncovered(catalogue().taxonomy(), *upstream, have, Cover::Strict)) {
        missing.insert(gap.restriction.id);
        if (gap.gap == Gap::Absent) {
            absent.insert(gap.restriction.id);
        }
    }
    return {missing.size(), absent.size()};
}

struct Row {
    const char* upstream;
    Count bloom, openrail_m, creativeml, openrail_pp, bigcode, gemma, llama31;
};

// The coverage table of licenses 5.5, for the sets that ship.
constexpr Row kTable[] = {
    {"bloom-rail-A", {0, 0}, {2, 0}, {2, 2}, {2, 2}, {15, 1}, {17, 12}, {16, 12}},
    {"openrail-m-A", {2, 1}, {0, 0}, {3, 3}, {3, 3}, {16, 2}, {18, 13}, {17, 13}},
    {"creativeml-A", {1, 0}, {0, 0}, {0, 0}, {0, 0}, {13, 1}, {15, 11}, {14, 11}},
    {"openrail++-A", {1, 0}, {0, 0}, {0, 0}, {0, 0}, {13, 1}, {15, 11}, {14, 11}},
    {"bigcode-A", {2, 1}, {2, 1}, {3, 3}, {3, 3}, {0, 0}, {15, 11}, {15, 11}},
    {"gemma-pup", {26, 21}, {26, 21}, {26, 22}, {26, 22}, {25, 20}, {0, 0}, {10, 9}},
    {"llama3.1-aup", {29, 25}, {29, 25}, {29, 26}, {29, 26}, {28, 24}, {14, 13}, {0, 0}},
};

} // namespace

TEST_CASE("coverage between the shipped sets is as tabulated") {
    for (const Row& row : kTable) {
        INFO(row.upstream);
        CHECK(count_gaps(row.upstream, "bloom-rail-A") == row.bloom);
        CHECK(count_gaps(row.upstream, "openrail-m-A") == row.openrail_m);
        CHECK(count_gaps(row.upstream, "creativeml-A") == row.creativeml);
        CHECK(count_gaps(row.upstream, "openrail++-A") == row.openrail_pp);
        CHECK(count_gaps(row.upstream, "bigcode-A") == row.bigcode);
        CHECK(count_gaps(row.upstream, "gemma-pup") == row.gemma);
        CHECK(count_gaps(row.upstream, "llama3.1-aup") == row.llama31);
    }
}

TEST_CASE("wider variants cover narrower ones, not the other way round") {
    const Taxonomy& taxonomy = catalogue().taxonomy();
    CHECK(taxonomy.covers({"medical.advice", "any"}, {"medical.advice", "substitute"}));
    CHECK_FALSE(taxonomy.covers({"medical.advice", "substitute"}, {"medical.advice", "any"}));
    CHECK(taxonomy.covers({"minors.harm", ""}, {"minors.harm", ""}));
    CHECK_FALSE(taxonomy.covers(
        {"impersonation.person", "no-consent"}, {"impersonation.person", "deception"}
    ));
    CHECK_FALSE(taxonomy.covers({"no.such", ""}, {"minors.harm", ""}));
}

TEST_CASE("an id without a variant is all that the id means") {
    const Taxonomy& taxonomy = catalogue().taxonomy();
    CHECK(taxonomy.covers({"medical.advice", ""}, {"medical.advice", "any"}));
    CHECK(taxonomy.covers({"medical.advice", ""}, {"medical.advice", "substitute"}));
    CHECK_FALSE(taxonomy.covers({"medical.advice", "any"}, {"medical.advice", ""}));
    CHECK_FALSE(taxonomy.covers({"medical.advice", ""}, {"medical.interpretation", "any"}));
}

TEST_CASE("a parent covers its children, a shared prefix does not") {
    const Taxonomy& taxonomy = catalogue().taxonomy();
    CHECK(taxonomy.covers({"medical", ""}, {"medical.advice", "any"}));
    CHECK_FALSE(taxonomy.covers({"medical.advice", "any"}, {"medical", ""}));
    CHECK_FALSE(taxonomy.touches({"med", ""}, {"medical.advice", "any"}));
}

TEST_CASE("with nothing carried every clause is uncovered; ids-only forgives narrower variants") {
    const RestrictionSet& bloom = *catalogue().restriction_set("bloom-rail-A");
    std::set<std::string> clauses;
    for (const Uncovered& gap : uncovered(catalogue().taxonomy(), bloom, {}, Cover::Strict)) {
        clauses.insert(gap.section);
        CHECK(gap.gap == Gap::Absent);
    }
    CHECK(clauses.size() == 13);

    const std::vector<Restriction> bigcode = catalogue().restriction_set("bigcode-A")->flat();
    CHECK(uncovered(catalogue().taxonomy(), bloom, bigcode, Cover::IdsOnly).size() == 1);
}

TEST_CASE("the variant order is transitive and has no cycles") {
    auto json = util::parse_json(R"({"format":"use-restrictions/1","restrictions":[
        {"id":"a","parent":null,"definition":"A","variants":[{"id":"x","covers":["z"]}]}]})");
    REQUIRE_OK(json);
    REQUIRE_ERROR(Taxonomy::parse(*json), util::Code::InvalidInput);
}

} // namespace railhub::license
