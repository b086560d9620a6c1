// SPDX-License-Identifier: Apache-2.0
// Fingerprints survive writing and reading; damage is an error, never a crash.
#include "core/license/fingerprint.h"
#include "tests/support/catch.h"

namespace railhub::license {

namespace {

constexpr std::string_view kFirst =
    "you may use the blue widget if you paint the widget blue every year";
constexpr std::string_view kSecond =
    "you may sell the blue widget if you paint the widget red every year";

std::string two_references() {
    FingerprintBuilder builder;
    Reference first;
    first.id = "first";
    first.also = {"uno"};
    first.loose = {{3, 5}, {9, 9}};
    first.is_spdx = true;
    builder.add(first, normalize(kFirst));
    Reference second;
    second.id = "second";
    second.kind = ReferenceKind::Notice;
    second.is_deprecated = true;
    builder.add(second, normalize(kSecond));
    builder.add_clause({"set-A", "A.1", 0, 2, 8});
    return builder.bytes();
}

} // namespace

TEST_CASE("fingerprints read what was written") {
    const auto prints = Fingerprints::parse(two_references());
    REQUIRE(prints.ok());
    REQUIRE(prints->references().size() == 2);
    const Reference& first = prints->references()[0];
    CHECK(first.id == "first");
    CHECK(first.also == std::vector<std::string>{"uno"});
    CHECK(first.words == 14);
    CHECK(first.is_spdx);
    REQUIRE(first.loose.size() == 2);
    CHECK(first.loose[1].begin == 9);
    CHECK(prints->references()[1].is_deprecated);
    CHECK(prints->references()[1].kind == ReferenceKind::Notice);
    REQUIRE(prints->clauses().size() == 1);
    CHECK(prints->clauses()[0].section == "A.1");
    CHECK(prints->gram_count(0) == 12);
    CHECK(prints->version().size() == 12);
}

TEST_CASE("triples that texts share have one number and two places") {
    const auto prints = Fingerprints::parse(two_references());
    REQUIRE(prints.ok());
    const auto grams = prints->grams_of(normalize("the blue widget if it rains"));
    REQUIRE(grams.size() == 4);
    REQUIRE(grams[0] != kNoGram);
    CHECK(prints->postings(grams[0]).size() == 2);
    CHECK(grams[2] == kNoGram);
    CHECK(prints->grams_of(normalize("two words")).empty());
}

TEST_CASE("damaged fingerprints are refused") {
    const std::string good = two_references();
    CHECK_FALSE(Fingerprints::parse("").ok());
    CHECK_FALSE(Fingerprints::parse("something else").ok());
    CHECK_FALSE(Fingerprints::parse(good + "x").ok());
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(Fingerprints::parse(std::string_view(good).substr(0, size)).ok());
    }
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(0xFF);
        (void)Fingerprints::parse(bad); // reads or refuses, but ends
    }
}

TEST_CASE("the built-in fingerprints cover the SPDX list and AI licenses") {
    const Fingerprints& prints = Fingerprints::built_in();
    CHECK(prints.references().size() > 800);
    CHECK(prints.version().size() == 12);
}

} // namespace railhub::license
