// SPDX-License-Identifier: Apache-2.0
// Eight inputs side by side: word i of all lanes sits in one AVX2 register.
#include "core/xet/detail/blake3_core.h"

#include <immintrin.h>

// Inlined whatever the compiler thinks: only then the state stays in registers.
#define RAILHUB_AVX2 __attribute__((target("avx2"), always_inline))

namespace railhub::xet::detail {

namespace {

using Lane = __m256i;

RAILHUB_AVX2 inline Lane rotate_16(Lane x) {
    // clang-format off
    return _mm256_shuffle_epi8(x, _mm256_setr_epi8(
        2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
        2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    // clang-format on
}

RAILHUB_AVX2 inline Lane rotate_8(Lane x) {
    // clang-format off
    return _mm256_shuffle_epi8(x, _mm256_setr_epi8(
        1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
        1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));
    // clang-format on
}

template <int bits>
RAILHUB_AVX2 inline Lane rotate(Lane x) {
    if constexpr (bits == 16) {
        return rotate_16(x);
    }
    if constexpr (bits == 8) {
        return rotate_8(x);
    }
    return _mm256_or_si256(_mm256_srli_epi32(x, bits), _mm256_slli_epi32(x, 32 - bits));
}

// The state is four rows of four; a quarter round takes column i, or (half 1) the diagonal that
// begins in it. Four quarter rounds go step by step side by side: each one's latency hides in the
// other three.
template <std::size_t row, std::size_t half>
constexpr std::size_t cell(std::size_t i) {
    return 4 * row + (i + row * half) % 4;
}

template <std::size_t to, std::size_t from, std::size_t half>
RAILHUB_AVX2 inline void add_row(Lane* v) {
    v[cell<to, half>(0)] = _mm256_add_epi32(v[cell<to, half>(0)], v[cell<from, half>(0)]);
    v[cell<to, half>(1)] = _mm256_add_epi32(v[cell<to, half>(1)], v[cell<from, half>(1)]);
    v[cell<to, half>(2)] = _mm256_add_epi32(v[cell<to, half>(2)], v[cell<from, half>(2)]);
    v[cell<to, half>(3)] = _mm256_add_epi32(v[cell<to, half>(3)], v[cell<from, half>(3)]);
}

template <std::size_t to, std::size_t from, std::size_t half>
RAILHUB_AVX2 inline void xor_row(Lane* v) {
    v[cell<to, half>(0)] = _mm256_xor_si256(v[cell<to, half>(0)], v[cell<from, half>(0)]);
    v[cell<to, half>(1)] = _mm256_xor_si256(v[cell<to, half>(1)], v[cell<from, half>(1)]);
    v[cell<to, half>(2)] = _mm256_xor_si256(v[cell<to, half>(2)], v[cell<from, half>(2)]);
    v[cell<to, half>(3)] = _mm256_xor_si256(v[cell<to, half>(3)], v[cell<from, half>(3)]);
}

template <int bits>
RAILHUB_AVX2 inline void rotate_row(Lane* row) {
    row[0] = rotate<bits>(row[0]);
    row[1] = rotate<bits>(row[1]);
    row[2] = rotate<bits>(row[2]);
    row[3] = rotate<bits>(row[3]);
}

// A template, so that the schedule's indices are constants: the order of the words costs nothing.
template <std::size_t round, std::size_t first>
RAILHUB_AVX2 inline void add_words(Lane* v, const Lane* m) {
    constexpr auto& s = kSchedule[round];
    v[0] = _mm256_add_epi32(v[0], m[s[first]]);
    v[1] = _mm256_add_epi32(v[1], m[s[first + 2]]);
    v[2] = _mm256_add_epi32(v[2], m[s[first + 4]]);
    v[3] = _mm256_add_epi32(v[3], m[s[first + 6]]);
}

// A rotation by shifts needs a seventeenth register. Left alone, g++ frees one by a store that it
// loads again at once, in the path everything waits for; v[0] is not needed for a while.
RAILHUB_AVX2 inline void put_aside(Lane& memory, const Lane& lane) {
    asm volatile("vmovdqa %1, %0" : "=m"(memory) : "x"(lane));
}

RAILHUB_AVX2 inline void take_back(Lane& lane, const Lane& memory) {
    asm volatile("vmovdqa %1, %0" : "=x"(lane) : "m"(memory));
}

template <std::size_t round, std::size_t half>
RAILHUB_AVX2 inline void mix_half(Lane* v, const Lane* m) {
    add_words<round, 8 * half>(v, m);
    add_row<0, 1, half>(v);
    xor_row<3, 0, half>(v);
    rotate_row<16>(v + 12);
    add_row<2, 3, half>(v);
    xor_row<1, 2, half>(v);
    Lane spare;
    put_aside(spare, v[0]);
    rotate_row<12>(v + 4);
    take_back(v[0], spare);
    add_words<round, 8 * half + 1>(v, m);
    add_row<0, 1, half>(v);
    xor_row<3, 0, half>(v);
    rotate_row<8>(v + 12);
    add_row<2, 3, half>(v);
    xor_row<1, 2, half>(v);
    put_aside(spare, v[0]);
    rotate_row<7>(v + 4);
    take_back(v[0], spare);
}

// Rows to columns, 8 x 8 words.
RAILHUB_AVX2 inline void transpose(Lane* v) {
    Lane pairs[8];
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm256_unpacklo_epi32(v[i], v[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_epi32(v[i], v[i + 1]);
    }
    Lane quads[8];
    for (int i = 0; i < 8; i += 4) {
        quads[i] = _mm256_unpacklo_epi64(pairs[i], pairs[i + 2]);
        quads[i + 1] = _mm256_unpackhi_epi64(pairs[i], pairs[i + 2]);
        quads[i + 2] = _mm256_unpacklo_epi64(pairs[i + 1], pairs[i + 3]);
        quads[i + 3] = _mm256_unpackhi_epi64(pairs[i + 1], pairs[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
        v[i] = _mm256_permute2x128_si256(quads[i], quads[i + 4], 0x20);
        v[i + 4] = _mm256_permute2x128_si256(quads[i], quads[i + 4], 0x31);
    }
}

RAILHUB_AVX2 inline void load_messages(const ManyInputs& many, std::size_t offset, Lane* m) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::uint8_t* at = many.inputs[lane] + offset;
        m[lane] = _mm256_loadu_si256(reinterpret_cast<const Lane*>(at));
        m[lane + 8] = _mm256_loadu_si256(reinterpret_cast<const Lane*>(at + 32));
    }
    transpose(m);
    transpose(m + 8);
}

RAILHUB_AVX2 inline Lane splat(std::uint32_t word) {
    return _mm256_set1_epi32(static_cast<int>(word));
}

RAILHUB_AVX2 inline void compress_lanes(
    Lane* value, const Lane* m, Lane counter_low, Lane counter_high, std::uint32_t flags
) {
    Lane v[16] = {
        value[0],
        value[1],
        value[2],
        value[3],
        value[4],
        value[5],
        value[6],
        value[7],
        splat(kIv[0]),
        splat(kIv[1]),
        splat(kIv[2]),
        splat(kIv[3]),
        counter_low,
        counter_high,
        splat(kBlock),
        splat(flags),
    };
    mix_half<0, 0>(v, m);
    mix_half<0, 1>(v, m);
    mix_half<1, 0>(v, m);
    mix_half<1, 1>(v, m);
    mix_half<2, 0>(v, m);
    mix_half<2, 1>(v, m);
    mix_half<3, 0>(v, m);
    mix_half<3, 1>(v, m);
    mix_half<4, 0>(v, m);
    mix_half<4, 1>(v, m);
    mix_half<5, 0>(v, m);
    mix_half<5, 1>(v, m);
    mix_half<6, 0>(v, m);
    mix_half<6, 1>(v, m);
    for (int i = 0; i < 8; ++i) {
        value[i] = _mm256_xor_si256(v[i], v[i + 8]);
    }
}

// Counters of the lanes as low and high words.
RAILHUB_AVX2 inline void lane_counters(const ManyInputs& many, Lane& low, Lane& high) {
    alignas(32) std::uint32_t lows[kLanes];
    alignas(32) std::uint32_t highs[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::uint64_t counter = many.counter + lane * many.counter_step;
        lows[lane] = static_cast<std::uint32_t>(counter);
        highs[lane] = static_cast<std::uint32_t>(counter >> 32);
    }
    low = _mm256_load_si256(reinterpret_cast<const Lane*>(lows));
    high = _mm256_load_si256(reinterpret_cast<const Lane*>(highs));
}

} // namespace

__attribute__((target("avx2"))) void
compress_many_avx2(const Words& key, const ManyInputs& many, Words* out) {
    ManyInputs padded = many;
    for (std::size_t lane = many.count; lane < kLanes; ++lane) {
        padded.inputs[lane] = many.inputs[0]; // computed and thrown away
    }
    Lane value[8];
    for (std::size_t i = 0; i < 8; ++i) {
        value[i] = splat(key[i]);
    }
    Lane counter_low = _mm256_setzero_si256();
    Lane counter_high = _mm256_setzero_si256();
    lane_counters(padded, counter_low, counter_high);
    for (std::size_t i = 0; i < many.blocks; ++i) {
        Lane m[16];
        load_messages(padded, i * kBlock, m);
        const std::uint32_t flags = many.flags | (i == 0 ? many.first_flags : 0) |
                                    (i + 1 == many.blocks ? many.last_flags : 0);
        compress_lanes(value, m, counter_low, counter_high, flags);
    }
    transpose(value);
    for (std::size_t lane = 0; lane < many.count; ++lane) {
        _mm256_storeu_si256(reinterpret_cast<Lane*>(out[lane].data()), value[lane]);
    }
}

} // namespace railhub::xet::detail

#undef RAILHUB_AVX2
