// SPDX-License-Identifier: Apache-2.0
// An eligible chunk leads to a file that has it; then all chunks of that file are looked for, so
// that a run goes on behind an edit without waiting for the next eligible chunk.
#include "core/cas/detail/duplicates.h"

#include <unordered_map>

namespace railhub::cas::detail {

namespace {

// Terms are to have that many chunks on average: what is saved must be worth the seeks.
constexpr std::size_t kWorthwhileChunks = 8;
constexpr std::size_t kMaxReferences = 4;
// 16 GiB of files to compare with; about 30 MB while it lasts.
constexpr std::size_t kMaxReferenceChunks = std::size_t{256} << 10;

// Chunks of the files that the new one is compared with.
class References {
  public:
    References(const util::Context& ctx, Parts& parts, db::Transaction& tx)
        : ctx_(ctx), parts_(parts), tx_(tx) {}

    struct Place {
        std::uint32_t segment = 0; // index of segments()
        std::uint32_t chunk = 0;
    };

    [[nodiscard]] std::optional<Place> find(const xet::Hash& hash) const {
        const auto found = by_head_.find(hash.head());
        if (found == by_head_.end() || !is_at(hash, found->second)) {
            return std::nullopt;
        }
        return found->second;
    }

    [[nodiscard]] bool is_at(const xet::Hash& hash, Place place) const {
        const auto& chunks = segments_[place.segment]->chunks;
        return place.chunk < chunks.size() && chunks[place.chunk].hash == hash;
    }

    [[nodiscard]] const SegmentPtr& segment(Place place) const { return segments_[place.segment]; }

    [[nodiscard]] bool are_enough() const {
        return files_.size() >= kMaxReferences || by_head_.size() >= kMaxReferenceChunks;
    }

    // The newest file that has this chunk, if any.
    util::Result<> add_file_with(const xet::Hash& chunk) {
        std::int64_t file = 0;
        {
            RAILHUB_TRY(
                auto rows,
                tx_.prepare("SELECT s.file FROM cas_chunk c JOIN cas_file_segment s "
                            "ON s.segment = c.segment WHERE c.hash = ? ORDER BY s.file DESC LIMIT 1"
                )
            );
            RAILHUB_TRY(const bool is_there, rows.bind(chunk.view()).step());
            if (!is_there) {
                return {};
            }
            file = rows.integer(0);
        }
        if (std::find(files_.begin(), files_.end(), file) != files_.end()) {
            return {};
        }
        files_.push_back(file);
        RAILHUB_TRY(const auto terms, load_terms(tx_, file));
        for (const std::int64_t segment : distinct_segments(terms)) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(add_segment(segment));
        }
        return {};
    }

  private:
    util::Result<> add_segment(std::int64_t id) {
        const bool is_known = std::any_of(segments_.begin(), segments_.end(), [&](const auto& one) {
            return one->row.record.row == id;
        });
        if (is_known || by_head_.size() >= kMaxReferenceChunks) {
            return {};
        }
        RAILHUB_TRY(const SegmentRow row, segment_row(tx_, id));
        RAILHUB_TRY(const bool is_here, is_backed(ctx_, parts_.store(), row));
        if (!is_here) {
            return {};
        }
        RAILHUB_TRY(auto segment, parts_.cache.get(tx_, row));
        const auto index = static_cast<std::uint32_t>(segments_.size());
        for (std::uint32_t i = 0; i < segment->chunks.size(); ++i) {
            by_head_.emplace(segment->chunks[i].hash.head(), Place{index, i});
        }
        segments_.push_back(std::move(segment));
        return {};
    }

    const util::Context& ctx_;
    Parts& parts_;
    db::Transaction& tx_;
    std::vector<std::int64_t> files_;
    std::vector<SegmentPtr> segments_;
    std::unordered_map<std::uint64_t, Place> by_head_;
};

// Stretches as they come: each goes on as long as the segment's chunks are the file's.
std::vector<Stretch> match(const References& references, std::span<const xet::Leaf> chunks) {
    std::vector<Stretch> stretches;
    std::optional<References::Place> expected;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        const bool goes_on = expected && references.is_at(chunks[i].hash, *expected);
        const auto place = goes_on ? expected : references.find(chunks[i].hash);
        const bool is_new = !place && !stretches.empty() && stretches.back().segment == nullptr;
        if (goes_on || is_new) {
            stretches.back().end = i + 1;
        } else if (place) {
            stretches.push_back({i, i + 1, references.segment(*place), place->chunk});
        } else {
            stretches.push_back({i, i + 1, nullptr, 0});
        }
        expected = place;
        if (expected) {
            ++expected->chunk;
        }
    }
    return stretches;
}

// Short runs become new, and what is new side by side becomes one.
std::vector<Stretch> without_short_runs(const std::vector<Stretch>& stretches) {
    std::vector<Stretch> kept;
    for (Stretch stretch : stretches) {
        if (stretch.count() < kWorthwhileChunks) {
            stretch.segment = nullptr;
        }
        if (stretch.segment == nullptr && !kept.empty() && kept.back().segment == nullptr) {
            kept.back().end = stretch.end;
        } else {
            kept.push_back(std::move(stretch));
        }
    }
    return kept;
}

bool is_fragmented(const std::vector<Stretch>& stretches) {
    std::size_t runs = 0;
    std::size_t chunks = 0;
    for (const Stretch& stretch : stretches) {
        if (stretch.segment != nullptr) {
            ++runs;
            chunks += stretch.count();
        }
    }
    return chunks < runs * kWorthwhileChunks;
}

} // namespace

util::Result<std::vector<Stretch>> find_duplicates(
    const util::Context& ctx, Parts& parts, db::Transaction& tx, std::span<const xet::Leaf> chunks
) {
    References references(ctx, parts, tx);
    for (const xet::Leaf& chunk : chunks) {
        if (references.are_enough()) {
            break;
        }
        if (parts.heads.contains(chunk.hash.head()) && !references.find(chunk.hash)) {
            RAILHUB_TRY(references.add_file_with(chunk.hash));
        }
    }
    auto stretches = match(references, chunks);
    return is_fragmented(stretches) ? without_short_runs(stretches) : std::move(stretches);
}

} // namespace railhub::cas::detail
