// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/random.
#include "core/util/bytes.h"
#include "core/util/random.h"
#include "tests/support/catch.h"
#include "tests/support/fixed_random.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace railhub::util {

namespace {

// Gives only bytes that an unbiased choice among 62 letters must reject, then zeros.
class MostlyRejected final : public Random {
  public:
    void fill(std::span<std::uint8_t> bytes) override {
        std::fill(bytes.begin(), bytes.end(), is_first_ ? std::uint8_t{248} : std::uint8_t{0});
        is_first_ = false;
    }

  private:
    bool is_first_ = true;
};

} // namespace

TEST_CASE("system randomness fills everything and differs", "[util][random]") {
    SystemRandom random;
    CHECK(random_hex(random, 16) != random_hex(random, 16));
    Bytes large(100'000, 0);
    random.fill(large);
    CHECK(std::set<std::uint8_t>(large.begin(), large.end()).size() == 256);
    random.fill({});
}

TEST_CASE("random texts have the length and alphabet they promise", "[util][random]") {
    tests::FixedRandom random;
    CHECK(random_hex(random, 3).size() == 6);
    const std::string text = random_alphanumeric(random, 5000);
    CHECK(text.size() == 5000);
    CHECK(std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0;
    }));
    CHECK(std::set<char>(text.begin(), text.end()).size() == 62);
    CHECK(random_alphanumeric(random, 0).empty());
}

TEST_CASE("bytes that would favour some letters are rejected", "[util][random]") {
    MostlyRejected random;
    CHECK(random_alphanumeric(random, 3) == "AAA");
}

TEST_CASE("fixed randomness repeats for the same seed", "[support][random]") {
    tests::FixedRandom first(7);
    tests::FixedRandom second(7);
    tests::FixedRandom third(8);
    const std::string text = random_hex(first, 32);
    CHECK(random_hex(second, 32) == text);
    CHECK(random_hex(third, 32) != text);
}

} // namespace railhub::util
