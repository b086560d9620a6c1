// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/retry.
#include "core/util/retry.h"
#include "tests/support/catch.h"
#include "tests/support/fixed_random.h"

#include <limits>

namespace railhub::util {

using std::chrono::milliseconds;

TEST_CASE("delays double up to the longest, jittered downwards to a half", "[util][retry]") {
    const RetryPolicy policy{
        .attempts = 100, .first_delay = milliseconds(100), .longest_delay = milliseconds(1000)};
    const std::pair<int, int> full[] = {
        {2, 100}, {3, 200}, {4, 400}, {5, 800}, {6, 1000}, {99, 1000}};
    tests::FixedRandom random;
    for (const auto& row : full) {
        for (int i = 0; i < 200; ++i) {
            const auto delay = retry_delay(policy, row.first, random, std::nullopt);
            REQUIRE(delay.has_value());
            REQUIRE(*delay >= milliseconds(row.second / 2));
            REQUIRE(*delay <= milliseconds(row.second));
        }
    }
}

TEST_CASE("no try is left after the last", "[util][retry]") {
    tests::FixedRandom random;
    const RetryPolicy policy{.attempts = 3};
    CHECK(retry_delay(policy, 3, random, std::nullopt).has_value());
    CHECK_FALSE(retry_delay(policy, 4, random, std::nullopt).has_value());
    CHECK_FALSE(retry_delay({.attempts = 1}, 2, random, milliseconds(5)).has_value());
}

TEST_CASE("a server may ask for more patience, not for less", "[util][retry]") {
    tests::FixedRandom random;
    CHECK(retry_delay({}, 2, random, milliseconds(60'000)) == milliseconds(60'000));
    CHECK(*retry_delay({}, 2, random, milliseconds(0)) >= milliseconds(250));
}

TEST_CASE("policies at their edges do not overflow", "[util][retry]") {
    tests::FixedRandom random;
    const RetryPolicy none{.first_delay = milliseconds(0), .longest_delay = milliseconds(0)};
    CHECK(retry_delay(none, 2, random, std::nullopt) == milliseconds(0));
    const RetryPolicy many{.attempts = std::numeric_limits<int>::max()};
    CHECK(*retry_delay(many, 1'000'000, random, std::nullopt) <= milliseconds(20'000));
}

TEST_CASE("only what may pass by itself is tried again", "[util][retry]") {
    CHECK(is_retryable(Code::Unavailable));
    CHECK(is_retryable(Code::Io));
    for (const Code code : {Code::NotFound, Code::Corrupt, Code::Cancelled, Code::Conflict}) {
        CHECK_FALSE(is_retryable(code));
    }
}

} // namespace railhub::util
