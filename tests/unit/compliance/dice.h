// SPDX-License-Identifier: Apache-2.0
// Numbers for generated tests that are the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace railhub::tests {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed * 2654435761U + 88172645463325252U) {}

    std::size_t below(std::size_t limit) {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return static_cast<std::size_t>(state_ % limit);
    }

  private:
    std::uint64_t state_;
};

} // namespace railhub::tests
