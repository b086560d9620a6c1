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
    return _mm256_shuffle_epi8(
        x,
        _mm256_set_epi8(
            13,
            12,
            15,
            14,
            9,
            8,
            11,
            10,
            5,
            4,
            7,
            6,
            1,
            0,
            3,
            2,
            13,
            12,
            15,
            14,
            9,
            8,
            11,
            10,
            5,
            4,
            7,
            6,
            1,
            0,
            3,
            2
        )
    );
}

RAILHUB_AVX2 inline Lane rotate_8(Lane x) {
    return _mm256_shuffle_epi8(
        x,
        _mm256_set_epi8(
            12,
            15,
            14,
            13,
            8,
            11,
            10,
            9,
            4,
            7,
            6,
            5,
            0,
            3,
            2,
            1,
            12,
            15,
            14,
            13,
            8,
            11,
            10,
            9,
            4,
            7,
            6,
            5,
            0,
            3,
            2,
            1
        )
    );
}

template <int bits>
RAILHUB_AVX2 inline Lane rotate(Lane x) {
    return _mm256_or_si256(_mm256_srli_epi32(x, bits), _mm256_slli_epi32(x, 32 - bits));
}

RAILHUB_AVX2 inline void mix_lanes(Lane& a, Lane& b, Lane& c, Lane& d, Lane x, Lane y) {
    a = _mm256_add_epi32(_mm256_add_epi32(a, b), x);
    d = rotate_16(_mm256_xor_si256(d, a));
    c = _mm256_add_epi32(c, d);
    b = rotate<12>(_mm256_xor_si256(b, c));
    a = _mm256_add_epi32(_mm256_add_epi32(a, b), y);
    d = rotate_8(_mm256_xor_si256(d, a));
    c = _mm256_add_epi32(c, d);
    b = rotate<7>(_mm256_xor_si256(b, c));
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

// A template, so that the schedule's indices are constants and the words stay in registers.
template <std::size_t round>
RAILHUB_AVX2 inline void mix_round(Lane* v, const Lane* m) {
    constexpr auto& s = kSchedule[round];
    mix_lanes(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
    mix_lanes(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
    mix_lanes(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
    mix_lanes(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
    mix_lanes(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
    mix_lanes(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
    mix_lanes(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
    mix_lanes(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
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
    mix_round<0>(v, m);
    mix_round<1>(v, m);
    mix_round<2>(v, m);
    mix_round<3>(v, m);
    mix_round<4>(v, m);
    mix_round<5>(v, m);
    mix_round<6>(v, m);
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
