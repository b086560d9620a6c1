// SPDX-License-Identifier: Apache-2.0
// Xorbs: containers of up to 64 MiB of chunks (xet specification, section 3). The verifier derives
// all that the server keeps; a footer is never trusted.
#pragma once

#include "core/util/io.h"
#include "core/xet/compression.h"
#include "core/xet/hash.h"

#include <cstdint>
#include <vector>

namespace railhub::xet {

inline constexpr std::size_t kMaxXorbBytes = std::size_t{64}
                                             << 20; // serialized, and uncompressed for writers
inline constexpr std::size_t kMaxXorbChunks = 8192;
inline constexpr std::size_t kRecordHeader = 8;
// Of a footer with its trailing length.
inline constexpr std::size_t kXorbFooterFixed = 92;
inline constexpr std::size_t kXorbFooterPerChunk = 40;
inline constexpr std::size_t kMaxXorbFooter =
    kXorbFooterFixed + kXorbFooterPerChunk * kMaxXorbChunks + 4;
// What a server takes: hf_xet counts 64 MiB without the record headers, and old versions of it add
// a footer.
inline constexpr std::size_t kMaxXorbBody =
    kMaxXorbBytes + kRecordHeader * kMaxXorbChunks + kMaxXorbFooter;
inline constexpr std::size_t kMaxStoredChunk = 262'144; // compressed payload

struct XorbChunk {
    Hash hash;
    std::uint32_t serialized_end = 0;   // offset in the body behind this record
    std::uint32_t uncompressed_end = 0; // offset in the uncompressed stream behind this chunk

    bool operator==(const XorbChunk&) const = default;
};

struct XorbLayout {
    Hash hash;
    std::vector<XorbChunk> chunks;

    // Bytes of the records, without any footer.
    [[nodiscard]] std::uint32_t body_size() const {
        return chunks.empty() ? 0 : chunks.back().serialized_end;
    }

    [[nodiscard]] std::uint32_t uncompressed_size() const {
        return chunks.empty() ? 0 : chunks.back().uncompressed_end;
    }
};

// One pass over a body in pieces of any size: decodes, hashes and checks each record, in the
// caller's memory where it is whole there. One thread at a time; holds one record.
class XorbVerifier {
  public:
    XorbVerifier();

    // InvalidInput or TooLarge as soon as something is wrong; the verifier is then spent. Records
    // go to `sound` once they are whole and verified; a footer never does.
    util::Result<> update(util::ByteView bytes, util::Writer* sound = nullptr);
    // InvalidInput when the body ends inside a record or footer, or has no chunk.
    util::Result<XorbLayout> finish();

  private:
    util::Result<util::ByteView> complete_held(util::ByteView bytes, util::Writer* sound);
    util::Result<std::size_t> take_whole(util::ByteView bytes);
    util::Result<> hold(util::ByteView bytes);
    util::Result<> take_record(util::ByteView record);
    util::Result<std::size_t> wanted() const;
    [[nodiscard]] bool at_footer() const;

    ChunkDecoder decoder_;
    util::Bytes held_;  // the beginning of a record or footer
    util::Bytes chunk_; // decoded, of a compressed record
    std::vector<XorbChunk> chunks_;
    std::uint64_t seen_ = 0;
    bool in_footer_ = false;
};

// Verifies and also gives the uncompressed bytes: for rebuilding a file.
util::Result<XorbLayout> verify_xorb(util::ByteView body);

// A whole record, not decoded yet.
struct Record {
    Scheme scheme = Scheme::None;
    util::ByteView payload; // within the bytes it was parsed from
    std::uint32_t size = 0; // of the chunk

    [[nodiscard]] std::size_t whole() const { return kRecordHeader + payload.size(); }
};

// The record at the front of `bytes`; InvalidInput when it is damaged or not whole.
util::Result<Record> parse_record(util::ByteView bytes);
// The chunk: the payload itself where it is stored as it is, else decoded into the front of `room`,
// which has at least record.size bytes.
util::Result<util::ByteView>
chunk_of(ChunkDecoder& decoder, const Record& record, std::span<std::uint8_t> room);
// Decodes the record that begins at the front of `record`; `chunk` is set to its bytes. Returns the
// size of the whole record.
util::Result<std::size_t>
decode_record(ChunkDecoder& decoder, util::ByteView record, util::Bytes& chunk);

// Builds a body in memory. One thread at a time.
class XorbBuilder {
  public:
    // True when a chunk of that size still fits.
    [[nodiscard]] bool fits(std::size_t chunk_size) const;
    // Precondition: fits(chunk.size()), 1 <= chunk.size() <= 128 KiB.
    void add(util::ByteView chunk, const Hash& hash, Scheme wanted);

    [[nodiscard]] std::size_t chunk_count() const { return layout_.chunks.size(); }

    // The body and what is in it; the builder is then empty.
    struct Built {
        util::Bytes body;
        XorbLayout layout;
    };

    Built take();

  private:
    util::Bytes body_;
    XorbLayout layout_;
};

// The V1 footer with its trailing length, for peers that want one (3.2).
util::Bytes xorb_footer(const XorbLayout& layout);

// A virtual xorb: chunks served from a plain file with scheme None. Offsets in it are arithmetic.
inline std::uint64_t virtual_offset(std::uint64_t uncompressed_offset, std::uint64_t chunk_index) {
    return uncompressed_offset + kRecordHeader * chunk_index;
}

// The record header of a chunk that is stored as it is.
std::array<std::uint8_t, kRecordHeader> plain_record_header(std::uint32_t chunk_size);

} // namespace railhub::xet
