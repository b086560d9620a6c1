// SPDX-License-Identifier: Apache-2.0
// Chunk lists to bytes and back.
#include "core/cas/layouts.h"

#include "core/cas/detail/numbers.h"

namespace railhub::cas {

namespace {

constexpr std::size_t kPackedChunk = 40;

} // namespace

util::Bytes pack_chunks(std::span<const xet::XorbChunk> chunks) {
    util::Bytes packed;
    packed.reserve(chunks.size() * kPackedChunk);
    for (const xet::XorbChunk& chunk : chunks) {
        packed.insert(packed.end(), chunk.hash.bytes.begin(), chunk.hash.bytes.end());
        detail::append_number(packed, chunk.serialized_end);
        detail::append_number(packed, chunk.uncompressed_end);
    }
    return packed;
}

util::Result<std::vector<xet::XorbChunk>> unpack_chunks(util::ByteView packed) {
    const auto damaged = [] {
        return util::fail(util::Code::Corrupt, "a chunk list in the database is damaged");
    };
    if (packed.size() % kPackedChunk != 0) {
        return damaged();
    }
    std::vector<xet::XorbChunk> chunks;
    chunks.reserve(packed.size() / kPackedChunk);
    xet::XorbChunk before;
    for (std::size_t at = 0; at < packed.size(); at += kPackedChunk) {
        const std::uint8_t* const entry = packed.data() + at;
        xet::XorbChunk chunk;
        chunk.hash = detail::load_hash(entry);
        chunk.serialized_end = detail::load_number<std::uint32_t>(entry + 32);
        chunk.uncompressed_end = detail::load_number<std::uint32_t>(entry + 36);
        if (chunk.serialized_end < before.serialized_end + xet::kRecordHeader ||
            chunk.uncompressed_end <= before.uncompressed_end) {
            return damaged();
        }
        chunks.push_back(chunk);
        before = chunk;
    }
    return chunks;
}

} // namespace railhub::cas
