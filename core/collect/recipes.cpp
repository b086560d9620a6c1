// SPDX-License-Identifier: Apache-2.0
// n times: i64 segment, u32 first chunk, u32 end chunk, u32 uncompressed bytes; little-endian.
#include "core/collect/recipes.h"

namespace railhub::collect {

namespace {

constexpr std::size_t kTermBytes = 20;

std::uint64_t load(const std::uint8_t* at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value |= std::uint64_t{at[i]} << (8 * i);
    }
    return value;
}

void save(util::Bytes& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

} // namespace

util::Result<std::vector<RecipeTerm>> unpack_terms(util::ByteView packed) {
    if (packed.size() % kTermBytes != 0) {
        return util::fail(util::Code::Corrupt, "the recipe of a file has an odd length");
    }
    std::vector<RecipeTerm> terms;
    terms.reserve(packed.size() / kTermBytes);
    for (std::size_t at = 0; at < packed.size(); at += kTermBytes) {
        const std::uint8_t* const term = packed.data() + at;
        terms.push_back(
            {static_cast<std::int64_t>(load(term, 8)),
             static_cast<std::uint32_t>(load(term + 8, 4)),
             static_cast<std::uint32_t>(load(term + 12, 4)),
             static_cast<std::uint32_t>(load(term + 16, 4))}
        );
    }
    return terms;
}

util::Bytes pack_terms(std::span<const RecipeTerm> terms) {
    util::Bytes packed;
    packed.reserve(terms.size() * kTermBytes);
    for (const RecipeTerm& term : terms) {
        save(packed, static_cast<std::uint64_t>(term.segment), 8);
        save(packed, term.first, 4);
        save(packed, term.end, 4);
        save(packed, term.unpacked, 4);
    }
    return packed;
}

} // namespace railhub::collect
