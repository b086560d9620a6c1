// SPDX-License-Identifier: Apache-2.0
// DedupIndex: chunks that need not be sent because a xorb has them: xorbs of this push, of earlier
// ones, and those the server told about. Internal to core/transfer.
#pragma once

#include "core/xet/hash.h"

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace railhub::transfer {

// A chunk of a xorb of the index.
struct ChunkPlace {
    std::uint32_t xorb = 0; // number in the index
    std::uint32_t chunk = 0;
};

// Holds 2 million chunks, about 160 MB (128 GB of data); xorbs beyond that are not looked for. One
// thread at a time.
class DedupIndex {
  public:
    // A xorb that is yet to be filled.
    std::uint32_t add_xorb();
    // A known one. Chunk hashes keyed by `key` unless it is zero.
    std::uint32_t
    add_xorb(const xet::Hash& id, std::vector<xet::Leaf> chunks, const xet::Blake3Key& key = {});
    void add_chunk(std::uint32_t xorb, const xet::Leaf& chunk);

    void name_xorb(std::uint32_t xorb, const xet::Hash& id) { xorbs_[xorb].id = id; }

    [[nodiscard]] bool has_xorb(const xet::Hash& id) const { return ids_.contains(id.head()); }

    [[nodiscard]] const xet::Hash& id_of(std::uint32_t xorb) const { return xorbs_[xorb].id; }

    [[nodiscard]] std::optional<ChunkPlace> find(const xet::Hash& chunk) const;
    // How many of `wanted` are there in a row from `place` on.
    [[nodiscard]] std::size_t
    run_length(const ChunkPlace& place, std::span<const xet::Leaf> wanted) const;

  private:
    struct Xorb {
        xet::Hash id;
        std::size_t key = 0;
        std::vector<xet::Leaf> chunks;
    };

    [[nodiscard]] std::size_t key_number(const xet::Blake3Key& key);
    [[nodiscard]] xet::Hash keyed(std::size_t key, const xet::Hash& hash) const;

    std::vector<xet::Blake3Key> keys_{xet::Blake3Key{}};
    std::vector<Xorb> xorbs_;
    std::unordered_map<std::uint64_t, std::uint32_t> ids_; // Hash::head() of named xorbs
    std::unordered_map<std::uint64_t, ChunkPlace> places_; // by Hash::head() of the keyed hash
};

} // namespace railhub::transfer
