// SPDX-License-Identifier: Apache-2.0
// FixedRandom: the same bytes in every run, for the same seed.
#pragma once

#include "core/util/random.h"

#include <mutex>

namespace railhub::tests {

// Safe from any thread.
class FixedRandom final : public util::Random {
  public:
    explicit FixedRandom(std::uint64_t seed = 1) : state_(seed) {}

    void fill(std::span<std::uint8_t> bytes) override;

  private:
    std::mutex mutex_; // guards state_
    std::uint64_t state_;
};

} // namespace railhub::tests
