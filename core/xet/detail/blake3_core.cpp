// SPDX-License-Identifier: Apache-2.0
// Portable compression function.
#include "core/xet/detail/blake3_core.h"

#include <bit>
#include <cstring>

namespace railhub::xet::detail {

namespace {

std::uint32_t load_word(const std::uint8_t* at) {
    std::uint32_t word = 0;
    std::memcpy(&word, at, sizeof word); // all supported machines are little-endian
    return word;
}

static_assert(std::endian::native == std::endian::little);

struct QuarterRound {
    std::array<std::uint32_t, 16>& v;

    void operator()(
        std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint32_t x, std::uint32_t y
    ) const {
        v[a] += v[b] + x;
        v[d] = std::rotr(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 12);
        v[a] += v[b] + y;
        v[d] = std::rotr(v[d] ^ v[a], 8);
        v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 7);
    }
};

} // namespace

Words compress(
    const Words& value,
    const std::uint8_t* block,
    std::uint32_t length,
    std::uint64_t counter,
    std::uint32_t flags
) {
    std::array<std::uint32_t, 16> m{};
    for (std::size_t i = 0; i < m.size(); ++i) {
        m[i] = load_word(block + 4 * i);
    }
    std::array<std::uint32_t, 16> v = {
        value[0],
        value[1],
        value[2],
        value[3],
        value[4],
        value[5],
        value[6],
        value[7],
        kIv[0],
        kIv[1],
        kIv[2],
        kIv[3],
        static_cast<std::uint32_t>(counter),
        static_cast<std::uint32_t>(counter >> 32),
        length,
        flags,
    };
    const QuarterRound mix{v};
    for (const auto& s : kSchedule) {
        mix(0, 4, 8, 12, m[s[0]], m[s[1]]);
        mix(1, 5, 9, 13, m[s[2]], m[s[3]]);
        mix(2, 6, 10, 14, m[s[4]], m[s[5]]);
        mix(3, 7, 11, 15, m[s[6]], m[s[7]]);
        mix(0, 5, 10, 15, m[s[8]], m[s[9]]);
        mix(1, 6, 11, 12, m[s[10]], m[s[11]]);
        mix(2, 7, 8, 13, m[s[12]], m[s[13]]);
        mix(3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    Words out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = v[i] ^ v[i + 8];
    }
    return out;
}

void compress_many_portable(const Words& key, const ManyInputs& many, Words* out) {
    for (std::size_t lane = 0; lane < many.count; ++lane) {
        Words value = key;
        const std::uint64_t counter = many.counter + lane * many.counter_step;
        for (std::size_t i = 0; i < many.blocks; ++i) {
            const std::uint32_t flags = many.flags | (i == 0 ? many.first_flags : 0) |
                                        (i + 1 == many.blocks ? many.last_flags : 0);
            value = compress(value, many.inputs[lane] + i * kBlock, kBlock, counter, flags);
        }
        out[lane] = value;
    }
}

} // namespace railhub::xet::detail
