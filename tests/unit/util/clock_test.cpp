// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/clock and of the clock that tests use.
#include "core/util/clock.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"

namespace railhub::util {

TEST_CASE("dates are ISO 8601 in UTC with milliseconds", "[util][clock]") {
    CHECK(to_iso8601(from_millis(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(to_iso8601(from_millis(1'790'932'530'123)) == "2026-10-02T09:15:30.123Z");
    CHECK(to_iso8601(from_millis(951'782'399'999)) == "2000-02-28T23:59:59.999Z");
    CHECK(to_iso8601(from_millis(951'868'799'999)) == "2000-02-29T23:59:59.999Z");
    CHECK(to_iso8601(from_millis(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("milliseconds read back", "[util][clock]") {
    CHECK(to_millis(from_millis(1'767'323'045'006)) == 1'767'323'045'006);
}

TEST_CASE("the fake clock moves when told", "[support][clock]") {
    tests::FakeClock clock;
    CHECK(to_iso8601(clock.now()) == "2026-01-02T03:04:05.006Z");
    const auto before = clock.steady();
    clock.advance(std::chrono::milliseconds(1500));
    CHECK(to_iso8601(clock.now()) == "2026-01-02T03:04:06.506Z");
    CHECK(clock.steady() - before == std::chrono::milliseconds(1500));
}

TEST_CASE("the system clock is the system's", "[util][clock]") {
    const SystemClock clock;
    const auto steady = clock.steady();
    CHECK(steady <= clock.steady());
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    const auto before = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch);
    CHECK(clock.now().time_since_epoch() >= before);
}

} // namespace railhub::util
