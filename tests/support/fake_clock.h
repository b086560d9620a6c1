// SPDX-License-Identifier: Apache-2.0
// FakeClock: time stands still until the test moves it.
#pragma once

#include "core/util/clock.h"

#include <atomic>

namespace railhub::tests {

// Safe from any thread. Begins at 2026-01-02T03:04:05.006Z.
class FakeClock final : public util::Clock {
  public:
    static constexpr std::int64_t kStartMillis = 1'767'323'045'006;

    [[nodiscard]] util::TimePoint now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;

    // Moves both clocks.
    void advance(std::chrono::milliseconds by);

  private:
    std::atomic<std::int64_t> elapsed_millis_{0};
};

} // namespace railhub::tests
