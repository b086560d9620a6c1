// SPDX-License-Identifier: Apache-2.0
// XorbPacker: chunk lists of files -> terms, and plans of the xorbs that must be sent. Looks at
// hashes only; nothing is read (xet specification, section 6.1). Internal to core/transfer.
#pragma once

#include "core/transfer/dedup_index.h"

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace railhub::transfer {

// Chunks of a xorb from `first` on that lie one after the other in a file.
struct XorbPiece {
    std::uint32_t first = 0;
    std::uint32_t file = 0; // the caller's number
    std::uint64_t offset = 0;
};

struct XorbPlan {
    std::uint32_t number = 0; // in the index
    xet::Hash id;
    std::vector<xet::Leaf> chunks;
    std::vector<XorbPiece> pieces;
    std::uint64_t bytes = 0; // uncompressed

    // Serialized size when all chunks are stored as they are.
    [[nodiscard]] std::uint64_t plain_size() const;
};

struct PackedTerm {
    ChunkPlace place;
    std::uint32_t count = 0;
    std::uint32_t unpacked = 0; // bytes
    xet::Hash range;            // verification hash
};

struct PackedFile {
    xet::Hash hash;
    std::vector<PackedTerm> terms;
    std::uint64_t new_bytes = 0;
    std::uint64_t known_bytes = 0; // some xorb has them
};

// One thread at a time. The index is borrowed and filled with what is packed.
class XorbPacker {
  public:
    explicit XorbPacker(DedupIndex& index) : index_(index) {}

    PackedFile pack(std::uint32_t file, std::span<const xet::Leaf> chunks);
    // Ends the xorb being filled, however full.
    void close();

    // Those that are full or closed; each once.
    std::vector<XorbPlan> take_closed() { return std::exchange(closed_, {}); }

    [[nodiscard]] std::size_t closed_count() const { return closed_.size(); }

  private:
    // Keeps files from being scattered over many xorbs: a window of term lengths.
    class Fragmentation {
      public:
        // Is a term of `count` chunks out of another xorb worth it?
        bool allows(std::size_t count);
        void begin_term(std::size_t count);
        void extend_term(std::size_t count);

      private:
        std::deque<std::size_t> lengths_;
        std::size_t sum_ = 0;
        bool is_lenient_ = true;
    };

    void add_new(std::uint32_t file, std::uint64_t offset, const xet::Leaf& chunk);
    void append(PackedFile& packed, ChunkPlace place, std::span<const xet::Leaf> run);

    DedupIndex& index_;
    XorbPlan open_;
    std::uint64_t piece_end_ = 0; // offset in the file behind the last chunk of open_
    std::vector<XorbPlan> closed_;
    Fragmentation fragmentation_;
};

} // namespace railhub::transfer
