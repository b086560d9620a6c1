// SPDX-License-Identifier: Apache-2.0
// Cutting block by block; at most one chunk is open between two blocks.
#include "core/xet/chunk_lister.h"

#include <utility>

namespace railhub::xet {

void ChunkLister::update(util::ByteView bytes) {
    begin(bytes);
    scan(bytes.size());
    end();
}

void ChunkLister::begin(util::ByteView block) {
    if (std::exchange(has_next_, false)) {
        open_ = next_;
    }
    block_ = block;
    scanned_ = 0;
    start_ = 0;
    taken_.store(0, std::memory_order_relaxed);
    ready_.store(0, std::memory_order_relaxed);
    pieces_.clear();
    pieces_.reserve(block.size() / kMinChunk + 3);
}

std::size_t ChunkLister::scan(std::size_t count) {
    borders_.clear();
    const util::ByteView part = block_.subspan(scanned_, count);
    if (wants_sha256_) {
        scan_.update(part, borders_);
    } else {
        chunker_.scan(part, borders_);
    }
    const std::size_t before = start_;
    for (const std::size_t border : borders_) {
        add_piece(scanned_ + border, true);
    }
    scanned_ += count;
    ready_.store(pieces_.size(), std::memory_order_release);
    return start_ - before;
}

void ChunkLister::add_piece(std::size_t end, bool is_border) {
    using Part = Piece::Part;
    const std::size_t size = end - start_;
    const bool is_open = open_size_ > 0;
    Part part = is_open ? Part::End : Part::Whole;
    if (!is_open) {
        leaves_.emplace_back();
    }
    leaves_.back().size += size;
    if (!is_border) {
        part = is_open ? Part::Middle : Part::Begin;
    }
    if (part == Part::Begin) {
        next_ = chunk_hasher();
        has_next_ = true;
    }
    open_size_ = is_border ? 0 : open_size_ + size;
    pieces_.push_back({block_.subspan(start_, size), leaves_.size() - 1, part, {}});
    start_ = end;
}

bool ChunkLister::hash_one() {
    std::size_t index = taken_.load(std::memory_order_relaxed);
    do {
        if (index >= ready_.load(std::memory_order_acquire)) {
            return false;
        }
    } while (!taken_.compare_exchange_weak(index, index + 1, std::memory_order_acq_rel));
    hash(pieces_[index]);
    return true;
}

// Two pieces never share a hasher.
void ChunkLister::hash(Piece& piece) {
    switch (piece.part) {
    case Piece::Part::Whole:
        piece.hash = chunk_hash(piece.bytes);
        return;
    case Piece::Part::End:
        open_.update(piece.bytes);
        piece.hash.bytes = open_.digest();
        return;
    case Piece::Part::Middle:
        open_.update(piece.bytes);
        return;
    case Piece::Part::Begin:
        next_.update(piece.bytes);
        return;
    }
}

void ChunkLister::end() {
    if (start_ < scanned_) {
        add_piece(scanned_, false);
        ready_.store(pieces_.size(), std::memory_order_release);
    }
    while (hash_one()) {
    }
    for (const Piece& piece : pieces_) {
        if (piece.part == Piece::Part::Whole || piece.part == Piece::Part::End) {
            leaves_[piece.leaf].hash = piece.hash;
        }
    }
    pieces_.clear();
    block_ = {};
}

std::vector<Leaf> ChunkLister::finish() {
    if (std::exchange(has_next_, false)) {
        open_ = next_;
    }
    if (std::exchange(open_size_, 0) > 0) {
        leaves_.back().hash.bytes = open_.digest();
    }
    chunker_ = {};
    open_ = chunk_hasher();
    return std::exchange(leaves_, {});
}

} // namespace railhub::xet
