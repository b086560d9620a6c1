// SPDX-License-Identifier: Apache-2.0
// Cutting block by block; at most one chunk is open between two blocks.
#include "core/xet/chunk_lister.h"

#include <utility>

namespace railhub::xet {

void ChunkLister::update(util::ByteView bytes) {
    cut(bytes);
    while (hash_one()) {
    }
}

void ChunkLister::cut(util::ByteView block) {
    using Part = Piece::Part;
    if (std::exchange(has_next_, false)) {
        open_ = next_;
    }
    borders_.clear();
    pieces_.clear();
    chunker_.scan(block, borders_);
    std::size_t start = 0;
    for (const std::size_t border : borders_) {
        const std::size_t size = border - start;
        const Part part = open_size_ > 0 ? Part::End : Part::Whole;
        if (part == Part::Whole) {
            leaves_.push_back({{}, size});
        } else {
            leaves_.back().size += size;
            open_size_ = 0;
        }
        pieces_.push_back({block.subspan(start, size), leaves_.size() - 1, part});
        start = border;
    }
    if (start < block.size()) {
        const std::size_t size = block.size() - start;
        const Part part = open_size_ > 0 ? Part::Middle : Part::Begin;
        if (part == Part::Begin) {
            leaves_.emplace_back();
            next_ = chunk_hasher();
            has_next_ = true;
        }
        open_size_ += size;
        leaves_.back().size += size;
        pieces_.push_back({block.subspan(start), leaves_.size() - 1, part});
    }
    taken_.store(0, std::memory_order_release);
}

bool ChunkLister::hash_one() {
    const std::size_t index = taken_.fetch_add(1, std::memory_order_acq_rel);
    if (index >= pieces_.size()) {
        return false;
    }
    hash(pieces_[index]);
    return true;
}

// Two pieces never share a hasher or a leaf.
void ChunkLister::hash(const Piece& piece) {
    switch (piece.part) {
    case Piece::Part::Whole:
        leaves_[piece.leaf].hash = chunk_hash(piece.bytes);
        return;
    case Piece::Part::End:
        open_.update(piece.bytes);
        leaves_[piece.leaf].hash.bytes = open_.digest();
        return;
    case Piece::Part::Middle:
        open_.update(piece.bytes);
        return;
    case Piece::Part::Begin:
        next_.update(piece.bytes);
        return;
    }
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
