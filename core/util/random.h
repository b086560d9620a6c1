// SPDX-License-Identifier: Apache-2.0
// Chance as an interface. SystemRandom is cryptographically strong (getrandom).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace railhub::util {

// Safe from any thread.
class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

class SystemRandom final : public Random {
  public:
    void fill(std::span<std::uint8_t> bytes) override;
};

// `count` random bytes as 2*count lower-case hex characters.
std::string random_hex(Random& random, std::size_t count);

// `length` characters of [A-Za-z0-9], unbiased.
std::string random_alphanumeric(Random& random, std::size_t length);

} // namespace railhub::util
