// SPDX-License-Identifier: Apache-2.0
// SHA-256 by the processor's own instructions, alone and with the gear hash in the same loop.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace railhub::xet::detail {

inline constexpr std::size_t kShaBlock = 64;

using ShaState = std::array<std::uint32_t, 8>;

inline constexpr ShaState kShaStart = {
    0x6a09e667,
    0xbb67ae85,
    0x3c6ef372,
    0xa54ff53a,
    0x510e527f,
    0x9b05688c,
    0x1f83d9ab,
    0x5be0cd19,
};

// Does this processor have the instructions? All below needs them.
bool has_sha_instructions();

void sha_blocks(ShaState& state, const std::uint8_t* bytes, std::size_t blocks);

// How far both came.
struct ShaGearRun {
    std::size_t blocks = 0; // SHA-256 took them all
    std::size_t border = 0; // bytes of the last block up to and with the border; 0: none was found
};

// Stops behind the block in which the gear hash first falls below `border_below`. Precondition:
// `blocks` is not 0.
ShaGearRun sha_gear_blocks(
    ShaState& state,
    std::uint64_t& gear,
    std::uint64_t border_below,
    const std::uint8_t* bytes,
    std::size_t blocks
);

} // namespace railhub::xet::detail
