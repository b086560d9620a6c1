// SPDX-License-Identifier: Apache-2.0
// Answers to chunk queries: the segment of the chunk and its neighbours in a file, as far as the
// asker may see them. Of chunks that only others have, neither hashes nor sizes are told.
#include "core/cas/detail/parts.h"

#include <map>

namespace railhub::cas::detail {

namespace {

constexpr std::size_t kAnswerSegments = 3;
// Users of one segment that are looked at; more hardly add anything.
constexpr std::size_t kMaxUsersSeen = 256;

// Which chunks of a segment belong to files that the asker may see.
struct VisiblePart {
    SegmentPtr segment;
    std::vector<bool> chunks;
    std::size_t missing = 0;
    std::optional<std::int64_t> file; // one that holds the chunk asked for
};

class Answering {
  public:
    Answering(const util::Context& ctx, Parts& parts, db::Transaction& tx, const Visible& visible)
        : ctx_(ctx), parts_(parts), tx_(tx), visible_(visible) {}

    util::Result<std::vector<xet::ShardXorb>> answer(const xet::Hash& chunk) {
        std::vector<xet::ShardXorb> xorbs;
        RAILHUB_TRY(const auto candidates, segments_of(chunk));
        for (const std::int64_t candidate : candidates) {
            RAILHUB_TRY(const VisiblePart part, see(candidate, &chunk));
            if (!part.file) {
                continue;
            }
            xorbs.push_back(tell(part));
            RAILHUB_TRY(add_followers(part, xorbs));
            break;
        }
        return xorbs;
    }

    // Segments told of whose last use is not written down lately.
    [[nodiscard]] const std::vector<std::int64_t>& to_touch() const { return to_touch_; }

  private:
    util::Result<std::vector<std::int64_t>> segments_of(const xet::Hash& chunk) {
        RAILHUB_TRY(auto rows, tx_.prepare("SELECT segment FROM cas_chunk WHERE hash = ?"));
        return integers(rows.bind(chunk.view()));
    }

    static util::Result<std::vector<std::int64_t>> integers(db::Statement& rows) {
        std::vector<std::int64_t> found;
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                return found;
            }
            found.push_back(rows.integer(0));
        }
    }

    // `wanted`: the chunk that a visible file must hold, or null.
    util::Result<VisiblePart> see(std::int64_t id, const xet::Hash* wanted) {
        VisiblePart part;
        RAILHUB_TRY(const SegmentRow row, segment_row(tx_, id));
        RAILHUB_TRY(part.segment, parts_.cache.get(tx_, row));
        part.missing = part.segment->chunks.size();
        part.chunks.resize(part.missing);
        RAILHUB_TRY(
            auto users,
            tx_.prepare("SELECT file FROM cas_file_segment WHERE segment = ? ORDER BY file LIMIT ?")
        );
        RAILHUB_TRY(const auto files, integers(users.bind(id, kMaxUsersSeen)));
        for (const std::int64_t file : files) {
            RAILHUB_TRY(ctx_.check_stop());
            RAILHUB_TRY(const bool may, may_see_file(file));
            if (may) {
                RAILHUB_TRY(add_file(part, file, wanted));
            }
            if (part.missing == 0) {
                break;
            }
        }
        return part;
    }

    util::Result<> add_file(VisiblePart& part, std::int64_t file, const xet::Hash* wanted) {
        RAILHUB_TRY(const auto terms, load_terms(tx_, file));
        for (const RecipeTerm& term : terms) {
            if (term.segment != part.segment->row.record.row) {
                continue;
            }
            const std::size_t end = std::min<std::size_t>(term.end, part.chunks.size());
            for (std::size_t i = term.first; i < end; ++i) {
                part.missing -= part.chunks[i] ? 0 : 1;
                part.chunks[i] = true;
                if (wanted != nullptr && !part.file && part.segment->chunks[i].hash == *wanted) {
                    part.file = file;
                }
            }
        }
        return {};
    }

    util::Result<bool> may_see_file(std::int64_t file) {
        RAILHUB_TRY(
            auto rows,
            tx_.prepare("SELECT l.repo FROM cas_file f JOIN lfs_link l ON l.sha256 = f.sha256 "
                        "WHERE f.id = ? UNION ALL "
                        "SELECT u.repo FROM cas_file f JOIN lfs_upload u ON u.sha256 = f.sha256 "
                        "WHERE f.id = ?")
        );
        RAILHUB_TRY(const auto repos, integers(rows.bind(file, file)));
        for (const std::int64_t repo : repos) {
            auto known = repos_.find(repo);
            if (known == repos_.end()) {
                RAILHUB_TRY(const bool may, visible_(tx_, repo));
                known = repos_.emplace(repo, may).first;
            }
            if (known->second) {
                return true;
            }
        }
        return false;
    }

    // The segments behind it in the file: a hit goes on there.
    util::Result<> add_followers(const VisiblePart& part, std::vector<xet::ShardXorb>& xorbs) {
        RAILHUB_TRY(const auto terms, load_terms(tx_, *part.file));
        std::vector<std::int64_t> told = {part.segment->row.record.row};
        auto at = std::find_if(terms.begin(), terms.end(), [&](const RecipeTerm& term) {
            return term.segment == told.front();
        });
        for (; at != terms.end() && told.size() < kAnswerSegments; ++at) {
            if (std::find(told.begin(), told.end(), at->segment) != told.end()) {
                continue;
            }
            told.push_back(at->segment);
            RAILHUB_TRY(const VisiblePart follower, see(at->segment, nullptr));
            xorbs.push_back(tell(follower));
        }
        return {};
    }

    xet::ShardXorb tell(const VisiblePart& part) {
        const Segment& segment = *part.segment;
        if (util::to_millis(ctx_.clock.now()) - segment.row.used_ms >= kTouchEveryMs) {
            to_touch_.push_back(segment.row.record.row);
        }
        xet::ShardXorb xorb;
        xorb.xorb = segment.row.record.hash;
        xorb.uncompressed = segment.row.record.unpacked;
        for (std::size_t i = 0; i < segment.chunks.size(); ++i) {
            const xet::Hash hash = part.chunks[i] ? segment.chunks[i].hash : xet::Hash{};
            xorb.chunks.push_back({hash, segment.chunk_begin(i), segment.chunk_size(i), false});
        }
        hide_sizes(part.chunks, xorb);
        return xorb;
    }

    // Chunk sizes in a row tell contents apart: runs that are not visible get even ones.
    static void hide_sizes(const std::vector<bool>& visible, xet::ShardXorb& xorb) {
        for (std::size_t i = 0; i < visible.size(); ++i) {
            std::size_t end = i;
            while (end < visible.size() && !visible[end]) {
                ++end;
            }
            if (end == i) {
                continue;
            }
            const std::uint32_t from = xorb.chunks[i].offset;
            const std::uint32_t to = xorb.chunks[end - 1].offset + xorb.chunks[end - 1].size;
            const std::uint64_t count = end - i;
            for (std::uint64_t k = 0; k < count; ++k) {
                const auto begin = static_cast<std::uint32_t>(from + (to - from) * k / count);
                const auto next = static_cast<std::uint32_t>(from + (to - from) * (k + 1) / count);
                xorb.chunks[i + k].offset = begin;
                xorb.chunks[i + k].size = next - begin;
            }
            i = end;
        }
    }

    const util::Context& ctx_;
    Parts& parts_;
    db::Transaction& tx_;
    const Visible& visible_;
    std::map<std::int64_t, bool> repos_; // asked already
    std::vector<std::int64_t> to_touch_;
};

// False when one of them is gone by now.
util::Result<bool>
touch_all(const util::Context& ctx, Parts& parts, const std::vector<std::int64_t>& segments) {
    RAILHUB_TRY(auto tx, parts.database.begin_write(ctx));
    for (const std::int64_t segment : segments) {
        RAILHUB_TRY(
            const bool is_here, touch_segment(*tx, segment, util::to_millis(ctx.clock.now()))
        );
        if (!is_here) {
            return false;
        }
    }
    RAILHUB_TRY(tx->commit());
    return true;
}

} // namespace

util::Result<std::optional<util::Bytes>> dedup_answer(
    const util::Context& ctx,
    Parts& parts,
    const xet::Hash& chunk,
    const Visible& visible,
    const xet::DedupAnswer& header
) {
    std::optional<util::Bytes> nothing;
    if (!parts.heads.contains(chunk.head())) {
        return nothing;
    }
    std::vector<std::int64_t> to_touch;
    std::vector<xet::ShardXorb> xorbs;
    {
        RAILHUB_TRY(auto tx, parts.database.begin_read(ctx));
        Answering answering(ctx, parts, *tx, visible);
        RAILHUB_TRY(xorbs, answering.answer(chunk));
        to_touch = answering.to_touch();
    }
    if (xorbs.empty()) {
        return nothing;
    }
    if (!to_touch.empty()) {
        RAILHUB_TRY(const bool are_here, touch_all(ctx, parts, to_touch));
        if (!are_here) {
            return nothing;
        }
    }
    return std::optional(xet::write_dedup_shard(xorbs, header));
}

} // namespace railhub::cas::detail
