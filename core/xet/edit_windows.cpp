// SPDX-License-Identifier: Apache-2.0
// One walk over the chunks of a file.
#include "core/xet/edit_windows.h"

#include "core/xet/chunker.h"

namespace railhub::xet {

namespace {

// Two chunks of such sizes in a row end where they do whatever was cut before them.
bool is_in_step(std::uint64_t size) {
    return size >= 2 * kMinChunk && size < kMaxChunk - kMinChunk;
}

class Walk {
  public:
    Walk(std::span<const Leaf> chunks, std::span<const ByteSpan> dirty)
        : chunks_(chunks), dirty_(dirty) {}

    EditWindows run() {
        for (std::size_t i = 0; i < chunks_.size(); ++i) {
            take(i);
        }
        close_gap(chunks_.size(), true);
        return std::move(found_);
    }

  private:
    void take(std::size_t index) {
        const std::uint64_t begin = offset_;
        offset_ += chunks_[index].size;
        const bool is_dirty = touches_dirty(begin, offset_);
        if (is_dirty && !is_open_) {
            close_gap(index, false);
            found_.windows.push_back({begin, offset_});
            is_open_ = true;
        }
        if (!is_open_) {
            return;
        }
        found_.windows.back().end = offset_;
        const bool is_steady = !is_dirty && is_in_step(chunks_[index].size);
        if (is_steady && was_steady_) {
            is_open_ = false;
            gap_begin_ = index + 1;
        }
        was_steady_ = is_steady && is_open_;
    }

    bool touches_dirty(std::uint64_t begin, std::uint64_t end) {
        while (next_ < dirty_.size() && dirty_[next_].end <= begin) {
            ++next_;
        }
        return next_ < dirty_.size() && dirty_[next_].begin < end;
    }

    // What stands before a window, or behind the last one.
    void close_gap(std::size_t end, bool is_last) {
        const std::size_t begin = is_open_ ? end : gap_begin_;
        const Reach reach{found_.gaps.empty(), is_last};
        found_.gaps.push_back(make_subtree(chunks_.subspan(begin, end - begin), reach));
    }

    std::span<const Leaf> chunks_;
    std::span<const ByteSpan> dirty_;
    EditWindows found_;
    std::uint64_t offset_ = 0;
    std::size_t next_ = 0; // of dirty_
    std::size_t gap_begin_ = 0;
    bool is_open_ = false;    // the last window is not ended yet
    bool was_steady_ = false; // the chunk before, inside that window
};

} // namespace

EditWindows find_edit_windows(std::span<const Leaf> chunks, std::span<const ByteSpan> dirty) {
    return Walk(chunks, dirty).run();
}

} // namespace railhub::xet
