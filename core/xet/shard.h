// SPDX-License-Identifier: Apache-2.0
// Shards: metadata of files and xorbs, as uploaded and as answers to dedup queries (xet
// specification, section 4).
#pragma once

#include "core/xet/hash.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace railhub::xet {

inline constexpr std::size_t kMaxShardBytes = std::size_t{64} << 20;

// Consecutive chunks of one xorb.
struct Term {
    Hash xorb;
    std::uint32_t unpacked = 0; // uncompressed bytes
    std::uint32_t first = 0;    // chunk index
    std::uint32_t end = 0;      // exclusive

    bool operator==(const Term&) const = default;
};

struct ShardFile {
    Hash file;
    std::vector<Term> terms;
    std::vector<Hash> range_hashes;     // one a term, or empty when the block carries none
    std::optional<util::Sha256> sha256; // a claim of the uploader

    bool operator==(const ShardFile&) const = default;
};

struct ShardChunk {
    Hash hash;
    std::uint32_t offset = 0; // uncompressed, in the xorb
    std::uint32_t size = 0;   // uncompressed
    bool is_eligible = false; // for global dedup

    bool operator==(const ShardChunk&) const = default;
};

struct ShardXorb {
    Hash xorb;
    std::uint32_t uncompressed = 0; // total bytes
    std::uint32_t stored = 0;       // serialized bytes, may be 0
    std::vector<ShardChunk> chunks;

    bool operator==(const ShardXorb&) const = default;
};

struct Shard {
    std::vector<ShardFile> files;
    std::vector<ShardXorb> xorbs;

    bool operator==(const Shard&) const = default;
};

// The two sections; lookup tables and footer behind them are not looked at. InvalidInput with what
// and where; the counts in it never make it allocate more than the bytes that are there.
util::Result<Shard> parse_shard(util::ByteView bytes);

// Header with footer size 0 and the two sections: what a client uploads.
util::Bytes write_shard(const Shard& shard);

// An answer to a chunk query (4.4): no files, the xorbs with each chunk hash keyed unless the key
// is zero, and a footer that expires.
struct DedupAnswer {
    Blake3Key key{};
    std::uint64_t created_seconds = 0;
    std::uint64_t expires_seconds = 0;
};

util::Bytes write_dedup_shard(const std::vector<ShardXorb>& xorbs, const DedupAnswer& answer);

// The footer of such an answer. InvalidInput when the shard has none.
util::Result<DedupAnswer> parse_dedup_footer(util::ByteView shard);

} // namespace railhub::xet
