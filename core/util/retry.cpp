// SPDX-License-Identifier: Apache-2.0
// Exponential backoff with jitter.
#include "core/util/retry.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace railhub::util {

std::optional<std::chrono::milliseconds> retry_delay(
    const RetryPolicy& policy,
    int attempt,
    Random& random,
    std::optional<std::chrono::milliseconds> server_delay
) {
    if (attempt > policy.attempts) {
        return std::nullopt;
    }
    std::chrono::milliseconds full = policy.first_delay;
    for (int doubling = 2; doubling < attempt && full < policy.longest_delay; ++doubling) {
        full *= 2;
    }
    full = std::min(full, policy.longest_delay);
    std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
    random.fill(bytes);
    std::uint32_t chance = 0;
    std::memcpy(&chance, bytes.data(), sizeof chance);
    const auto half = full.count() / 2;
    const std::chrono::milliseconds delay(full.count() - half + chance % (half + 1));
    return std::max(delay, server_delay.value_or(delay));
}

bool is_retryable(Code code) {
    return code == Code::Unavailable || code == Code::Io;
}

} // namespace railhub::util
