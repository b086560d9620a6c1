// SPDX-License-Identifier: Apache-2.0
// The compression function of BLAKE3 and its eight-lane form.
#pragma once

#include <array>
#include <cstdint>

namespace railhub::xet::detail {

inline constexpr std::size_t kBlock = 64;
inline constexpr std::size_t kChunk = 1024;
inline constexpr std::size_t kLanes = 8;

inline constexpr std::uint32_t kChunkStart = 1;
inline constexpr std::uint32_t kChunkEnd = 2;
inline constexpr std::uint32_t kParent = 4;
inline constexpr std::uint32_t kRoot = 8;
inline constexpr std::uint32_t kKeyed = 16;

using Words = std::array<std::uint32_t, 8>;

inline constexpr Words kIv = {
    0x6a09e667,
    0xbb67ae85,
    0x3c6ef372,
    0xa54ff53a,
    0x510e527f,
    0x9b05688c,
    0x1f83d9ab,
    0x5be0cd19,
};

// Order of the message words in each of the seven rounds.
inline constexpr std::array<std::array<std::uint8_t, 16>, 7> kSchedule = {{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
    {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
    {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13},
}};

// One block into a chaining value.
Words compress(
    const Words& value,
    const std::uint8_t* block,
    std::uint32_t length,
    std::uint64_t counter,
    std::uint32_t flags
);

// Inputs of `blocks` whole blocks each, up to kLanes of them; out[i] is the chaining value of
// inputs[i]. The counter grows by `counter_step` (1 for chunks, 0 for parents) from lane to lane.
struct ManyInputs {
    std::array<const std::uint8_t*, kLanes> inputs{};
    std::size_t count = 0;
    std::size_t blocks = 0;
    std::uint64_t counter = 0;
    std::uint32_t counter_step = 0;
    std::uint32_t flags = 0;
    std::uint32_t first_flags = 0; // added to the first block
    std::uint32_t last_flags = 0;  // added to the last block
};

void compress_many_portable(const Words& key, const ManyInputs& many, Words* out);
void compress_many_avx2(const Words& key, const ManyInputs& many, Words* out);

} // namespace railhub::xet::detail
