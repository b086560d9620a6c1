// SPDX-License-Identifier: Apache-2.0
// SplitMix64, a byte of each number.
#include "tests/support/fixed_random.h"

namespace railhub::tests {

void FixedRandom::fill(std::span<std::uint8_t> bytes) {
    const std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : bytes) {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
        byte = static_cast<std::uint8_t>(mixed >> 56);
    }
}

} // namespace railhub::tests
