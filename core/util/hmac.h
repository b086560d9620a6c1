// SPDX-License-Identifier: Apache-2.0
// HmacSha256: a keyed hash with its key made ready.
#pragma once

#include "core/util/digest.h"

#include <array>
#include <cstdint>

namespace railhub::util {

// HMAC-SHA-256 (RFC 2104) with a key that is used often: half a microsecond for a short message.
// Immutable, safe from any thread.
class HmacSha256 {
  public:
    explicit HmacSha256(ByteView key);

    [[nodiscard]] Sha256 of(ByteView message) const;

  private:
    std::array<std::uint8_t, 64> inner_; // the key, padded to a block, in its two forms
    std::array<std::uint8_t, 64> outer_;
};

} // namespace railhub::util
