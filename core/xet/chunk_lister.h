// SPDX-License-Identifier: Apache-2.0
// ChunkLister: a stream cut into chunks, each of them hashed; what a recipe is made of.
#pragma once

#include "core/xet/chunker.h"
#include "core/xet/content_scan.h"
#include "core/xet/hash.h"

#include <atomic>
#include <vector>

namespace railhub::xet {

// One thread scans; it and others hash what was found, also while the scan goes on. Keeps no bytes.
//   lister.begin(block); lister.scan(block.size()); while (lister.hash_one()) {} lister.end();
// is the same as update(block).
class ChunkLister {
  public:
    // Is the SHA-256 of the stream wanted too? It is taken in the same scan.
    enum class Sha256 : std::uint8_t { No, Yes };

    explicit ChunkLister(Sha256 sha256 = Sha256::No) : wants_sha256_(sha256 == Sha256::Yes) {}

    void update(util::ByteView bytes);

    // The next block, whose bytes stay until end(). They need not be there before they are scanned.
    void begin(util::ByteView block);
    // Scans the next `count` bytes of the block; returns how many can be hashed now that could not
    // before.
    std::size_t scan(std::size_t count);
    // Hashes one piece of the block; false when none is ready. Safe from any thread, beside scan()
    // too.
    bool hash_one();
    // Hashes what is left, as far as the block was scanned. No other thread may be in hash_one().
    void end();

    // Of all bytes, if wanted. Before finish().
    util::Sha256 sha256() { return scan_.finish(); }

    // The chunks, after the last byte; the lister is then as new.
    std::vector<Leaf> finish();

  private:
    // A chunk that lies in the block, or a part of one that began before or goes on behind.
    struct Piece {
        util::ByteView bytes;
        std::size_t leaf = 0;
        enum class Part : std::uint8_t { Whole, End, Middle, Begin } part = Part::Whole;
        Hash hash{}; // of a chunk that is whole with it
    };

    void add_piece(std::size_t end, bool is_border);
    void hash(Piece& piece);

    const bool wants_sha256_;
    ContentScan scan_; // or, where SHA-256 is not wanted, the chunker
    Chunker chunker_;
    std::vector<Leaf> leaves_; // the last one is open while open_size_ > 0
    std::uint64_t open_size_ = 0;
    Blake3 open_ = chunk_hasher(); // the chunk that goes on from block to block
    Blake3 next_ = chunk_hasher(); // the one that begins in this block and goes on
    bool has_next_ = false;
    util::ByteView block_;
    std::size_t scanned_ = 0;
    std::size_t start_ = 0; // of the piece that is not finished
    std::vector<std::size_t> borders_;
    std::vector<Piece> pieces_; // has room for all of a block: they never move while it is open
    std::atomic<std::size_t> ready_ = 0;
    std::atomic<std::size_t> taken_ = 0;
};

} // namespace railhub::xet
