// SPDX-License-Identifier: Apache-2.0
// Backoff as a pure function, and what decides whether to try again.
#pragma once

#include "core/util/random.h"
#include "core/util/result.h"

#include <chrono>
#include <optional>

namespace railhub::util {

struct RetryPolicy {
    int attempts = 5; // in all, the first one included
    std::chrono::milliseconds first_delay{500};
    std::chrono::milliseconds longest_delay{20'000};
};

// Delay before try number `attempt` (2 = first retry): doubles, jittered to 50..100 %; nullopt when
// no try is left. `server_delay` (Retry-After) raises it.
std::optional<std::chrono::milliseconds> retry_delay(
    const RetryPolicy& policy,
    int attempt,
    Random& random,
    std::optional<std::chrono::milliseconds> server_delay
);

// Unavailable and Io errors are worth another try.
bool is_retryable(Code code);

} // namespace railhub::util
