// SPDX-License-Identifier: Apache-2.0
// Both clocks are one counter.
#include "tests/support/fake_clock.h"

namespace railhub::tests {

util::TimePoint FakeClock::now() const {
    return util::from_millis(kStartMillis + elapsed_millis_.load());
}

std::chrono::steady_clock::time_point FakeClock::steady() const {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(elapsed_millis_.load()));
}

void FakeClock::advance(std::chrono::milliseconds by) {
    elapsed_millis_ += by.count();
}

} // namespace railhub::tests
