// SPDX-License-Identifier: Apache-2.0
// Hashes of the Xet protocol: chunk, Merkle node, file, range, dedup key (xet specification,
// section 2). All are keyed BLAKE3.
#pragma once

#include "core/util/digest.h"
#include "core/xet/blake3.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::xet {

// 32 raw bytes. The text form reverses the bytes inside each group of eight.
struct Hash {
    std::array<std::uint8_t, 32> bytes{};

    auto operator<=>(const Hash&) const = default;

    [[nodiscard]] util::ByteView view() const { return bytes; }

    [[nodiscard]] bool is_zero() const { return *this == Hash{}; }

    // 64 lower-case hex digits, as in URLs, JSON and Merkle nodes.
    [[nodiscard]] std::string text() const;
    // Exactly 64 hex digits, else InvalidInput.
    static util::Result<Hash> parse(std::string_view text);
    // The last eight bytes as little-endian number; "hash mod N" of the specification.
    [[nodiscard]] std::uint64_t tail() const;
    // The first eight; keys of lookup tables.
    [[nodiscard]] std::uint64_t head() const;
};

// A SHA-256 as shards store it: each group of eight bytes reversed.
Hash to_shard_form(const util::Sha256& sha256);
util::Sha256 from_shard_form(const Hash& stored);

Hash chunk_hash(util::ByteView bytes);
// For a chunk that comes in pieces: the digest is the hash.
Blake3 chunk_hasher();
// Over the raw chunk hashes of one term, in order.
Hash range_hash(std::span<const Hash> chunk_hashes);
Hash keyed_hash(const Blake3Key& key, const Hash& hash);

inline constexpr std::uint64_t kDedupModulus = 1024;

// May this chunk be asked for in a global dedup query (besides the first of a file)?
inline bool is_dedup_eligible(const Hash& hash) {
    return hash.tail() % kDedupModulus == 0;
}

// One element of the ordered list that is aggregated.
struct Leaf {
    Hash hash;
    std::uint64_t size = 0; // uncompressed bytes
};

// The Merkle root of chunks that come one by one; holds a few elements per level. One thread.
class MerkleBuilder {
  public:
    void add(const Leaf& leaf);
    // Zero for none. The builder is then empty.
    Hash finish();

  private:
    struct Level {
        std::vector<Leaf> group; // the group being gathered
        std::uint64_t count = 0; // elements so far
    };

    void close_group(std::size_t level);

    std::vector<Level> levels_;
};

// Merkle root over chunks; zero for none. The xorb hash.
Hash merkle_root(std::span<const Leaf> chunks);
// The file hash; zero for the empty file.
Hash file_hash(std::span<const Leaf> chunks);
// The same from the root.
Hash file_hash_of_root(const Hash& root, std::uint64_t chunk_count);

} // namespace railhub::xet
