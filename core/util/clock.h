// SPDX-License-Identifier: Apache-2.0
// Time as an interface, so that tests decide what the time is.
#pragma once

#include <chrono>
#include <string>

namespace railhub::util {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

// Safe from any thread.
class Clock {
  public:
    virtual ~Clock() = default;
    // Wall clock, UTC.
    [[nodiscard]] virtual TimePoint now() const = 0;
    // Monotonic, for deadlines and durations.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] TimePoint now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
};

// "2026-10-02T09:15:30.123Z": always UTC, always milliseconds, always Z (hub-api 1.3).
std::string to_iso8601(TimePoint time);

// Milliseconds since 1970; what the database stores.
inline std::int64_t to_millis(TimePoint time) {
    return time.time_since_epoch().count();
}

inline TimePoint from_millis(std::int64_t millis) {
    return TimePoint(std::chrono::milliseconds(millis));
}

} // namespace railhub::util
