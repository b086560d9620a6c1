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

TEST_CASE("fingerprints for one text have the same places of its triples") {
    const NormalText text = normalize(
        "You agree not to use the Model: in any way that violates any applicable national, "
        "federal, state, local or international law or regulation; permission is hereby granted, "
        "free of charge, to any person obtaining a copy of nothing that anybody ever wrote"
    );
    const Fingerprints some = Fingerprints::built_in_for(text);
    const Fingerprints& all = Fingerprints::built_in();
    CHECK(Fingerprints::is_built_in_read());
    REQUIRE(some.references().size() == all.references().size());
    REQUIRE(some.clauses().size() == all.clauses().size());
    CHECK(some.dictionary_size() < 40);
    const auto places = [&text](const Fingerprints& prints, std::uint32_t word) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
        for (const Posting& posting : prints.postings_at(text, word)) {
            found.emplace_back(posting.reference(), posting.word());
        }
        return found;
    };
    std::size_t known = 0;
    for (std::uint32_t word = 0; word + kGramWords <= text.words.size(); ++word) {
        CHECK(places(some, word) == places(all, word));
        known += places(all, word).empty() ? 0U : 1U;
    }
    CHECK(known > 10);
    CHECK(Fingerprints::built_in_for(normalize("")).dictionary_size() == 0);
}

} // namespace railhub::license
