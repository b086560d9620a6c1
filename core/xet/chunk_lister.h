// SPDX-License-Identifier: Apache-2.0
// ChunkLister: a stream cut into chunks, each of them hashed; what a recipe is made of.
#pragma once

#include "core/xet/chunker.h"
#include "core/xet/hash.h"

#include <atomic>
#include <vector>

namespace railhub::xet {

// One thread, or several for one block: one cuts, then all hash. Keeps no bytes.
//   lister.cut(block); while (lister.hash_one()) {}     the same as update(block)
class ChunkLister {
  public:
    void update(util::ByteView bytes);

    // Finds the borders in the next block, whose bytes stay until all of it is hashed.
    void cut(util::ByteView block);
    // Hashes one piece of the block; false when none is left to begin. Safe from any thread.
    bool hash_one();

    // After the last byte, and when all is hashed. The lister is then empty.
    std::vector<Leaf> finish();

  private:
    // A chunk that lies in the block, or a part of one that began before or goes on behind.
    struct Piece {
        util::ByteView bytes;
        std::size_t leaf = 0;
        enum class Part : std::uint8_t { Whole, End, Middle, Begin } part = Part::Whole;
    };

    void hash(const Piece& piece);

    Chunker chunker_;
    std::vector<Leaf> leaves_; // the last one is open while open_size_ > 0
    std::uint64_t open_size_ = 0;
    Blake3 open_ = chunk_hasher(); // the chunk that goes on from block to block
    Blake3 next_ = chunk_hasher(); // the one that begins in this block and goes on
    bool has_next_ = false;
    std::vector<std::size_t> borders_;
    std::vector<Piece> pieces_;
    std::atomic<std::size_t> taken_ = 0;
};

} // namespace railhub::xet
