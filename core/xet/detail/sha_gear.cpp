// SPDX-License-Identifier: Apache-2.0
// SHA-256 is one long chain: each step waits for the one before, and the processor has room for
// other work meanwhile. The gear hash is just that, so between two steps four bytes of it are done,
// nearly for nothing.
#include "core/xet/detail/sha_gear.h"

#include "core/xet/detail/gear_table.h"

#include <cpuid.h>
#include <immintrin.h>
#include <utility>

#define RAILHUB_SHA __attribute__((target("sha,sse4.1"), always_inline))

namespace railhub::xet::detail {

namespace {

using Four = __m128i;

// FIPS 180-4, section 4.2.2.
// clang-format off
alignas(16) constexpr std::array<std::uint32_t, 64> kShaRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// clang-format on

// The state as the instructions want it.
struct ShaRegisters {
    Four abef;
    Four cdgh;
};

RAILHUB_SHA inline Four load_four(const void* at) {
    return _mm_loadu_si128(static_cast<const Four*>(at));
}

RAILHUB_SHA inline ShaRegisters load_state(const ShaState& state) {
    const Four badc = _mm_shuffle_epi32(load_four(state.data()), 0xB1);
    const Four hgfe = _mm_shuffle_epi32(load_four(state.data() + 4), 0x1B);
    return {_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xF0)};
}

RAILHUB_SHA inline void store_state(const ShaRegisters& from, ShaState& state) {
    const Four feba = _mm_shuffle_epi32(from.abef, 0x1B);
    const Four dchg = _mm_shuffle_epi32(from.cdgh, 0xB1);
    auto* out = reinterpret_cast<Four*>(state.data());
    _mm_storeu_si128(out, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128(out + 1, _mm_alignr_epi8(dchg, feba, 8));
}

// Four rounds, numbers 4 * step and on; `w` holds the last sixteen words of the schedule.
template <std::size_t step>
RAILHUB_SHA inline void sha_step(ShaRegisters& s, Four* w) {
    Four& now = w[step % 4];
    if constexpr (step >= 4) {
        const Four& last = w[(step + 3) % 4];
        const Four middle = _mm_alignr_epi8(last, w[(step + 2) % 4], 4);
        now = _mm_add_epi32(_mm_sha256msg1_epu32(now, w[(step + 1) % 4]), middle);
        now = _mm_sha256msg2_epu32(now, last);
    }
    const Four sum = _mm_add_epi32(now, load_four(kShaRound.data() + 4 * step));
    s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, sum);
    s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

// The gear hash of one block, in sixteen steps of four bytes.
struct GearLoop {
    std::uint64_t hash;
    const std::uint64_t below;
    std::size_t border = 0; // the first in the block

    RAILHUB_SHA inline void byte(const std::uint8_t* block, std::size_t index) {
        hash = (hash << 1) + kGear[block[index]];
        if (__builtin_expect(hash < below, 0) != 0) {
            asm volatile(""); // a jump that is hardly ever taken costs less than a flag
            border = border == 0 ? index + 1 : border;
        }
    }

    template <std::size_t step>
    RAILHUB_SHA inline void run(const std::uint8_t* block) {
        byte(block, 4 * step);
        byte(block, 4 * step + 1);
        byte(block, 4 * step + 2);
        byte(block, 4 * step + 3);
    }
};

struct NoGear {
    template <std::size_t step>
    RAILHUB_SHA inline void run(const std::uint8_t*) {}
};

template <class Gear, std::size_t... step>
RAILHUB_SHA inline void
sha_block(ShaRegisters& s, Gear& gear, const std::uint8_t* block, std::index_sequence<step...>) {
    const Four swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    Four w[4] = {
        _mm_shuffle_epi8(load_four(block), swap),
        _mm_shuffle_epi8(load_four(block + 16), swap),
        _mm_shuffle_epi8(load_four(block + 32), swap),
        _mm_shuffle_epi8(load_four(block + 48), swap),
    };
    const ShaRegisters before = s;
    ((sha_step<step>(s, w), gear.template run<step>(block)), ...);
    s.abef = _mm_add_epi32(s.abef, before.abef);
    s.cdgh = _mm_add_epi32(s.cdgh, before.cdgh);
}

} // namespace

bool has_sha_instructions() {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    static const bool has = __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 &&
                            (ebx & bit_SHA) != 0 && __builtin_cpu_supports("sse4.1") != 0;
    return has;
}

__attribute__((target("sha,sse4.1"))) void
sha_blocks(ShaState& state, const std::uint8_t* bytes, std::size_t blocks) {
    ShaRegisters registers = load_state(state);
    NoGear none;
    for (std::size_t i = 0; i < blocks; ++i) {
        sha_block(registers, none, bytes + i * kShaBlock, std::make_index_sequence<16>());
    }
    store_state(registers, state);
}

__attribute__((target("sha,sse4.1"))) ShaGearRun sha_gear_blocks(
    ShaState& state,
    std::uint64_t& gear,
    std::uint64_t border_below,
    const std::uint8_t* bytes,
    std::size_t blocks
) {
    ShaRegisters registers = load_state(state);
    GearLoop loop{gear, border_below};
    ShaGearRun run;
    while (run.blocks < blocks && loop.border == 0) {
        const std::uint8_t* block = bytes + run.blocks * kShaBlock;
        sha_block(registers, loop, block, std::make_index_sequence<16>());
        ++run.blocks;
    }
    store_state(registers, state);
    gear = loop.hash;
    run.border = loop.border;
    return run;
}

} // namespace railhub::xet::detail

#undef RAILHUB_SHA
