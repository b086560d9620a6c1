// SPDX-License-Identifier: Apache-2.0
// Which chunks make up a file or a range of it, and where a peer fetches them (xet specification,
// 5.1).
#include "core/cas/detail/parts.h"

#include <map>

namespace railhub::cas::detail {

namespace {

util::Error past_end() {
    auto error =
        util::fail(util::Code::InvalidInput, "the range begins behind the end of the file");
    error.reason = kRangePastEnd;
    return error;
}

// The bytes wanted, clamped. The empty file has none, but has no range either.
util::Result<Span> clamp_range(std::uint64_t size, const std::optional<Span>& range) {
    if (!range) {
        return Span{0, size};
    }
    if (range->begin >= size) {
        return past_end();
    }
    if (range->end <= range->begin) {
        return util::fail(util::Code::InvalidInput, "the range is empty");
    }
    return Span{range->begin, std::min(range->end, size)};
}

// Builds one answer; looks at chunk lists only where a part of a segment is wanted.
class Reconstructing {
  public:
    Reconstructing(Parts& parts, db::Transaction& tx) : parts_(parts), tx_(tx) {}

    util::Result<> add(const RecipeTerm& term, Span in_term) {
        RAILHUB_TRY(const SegmentRow* const row, row_of(term.segment));
        const SegmentRecord& record = row->record;
        RecipeTerm part = term;
        const bool is_trimmed = in_term != Span{0, term.unpacked};
        if (is_trimmed) {
            RAILHUB_TRY(part, trim(*row, term, in_term));
        }
        if (part.end > record.chunk_count) {
            return util::fail(
                util::Code::Corrupt, "the recipe of a file does not fit its segments"
            );
        }
        answer_.terms.push_back({record.hash, part.unpacked, part.first, part.end});
        wanted_[term.segment].push_back({part.first, part.end});
        return {};
    }

    util::Result<Reconstruction> finish() {
        for (auto& [segment, spans] : wanted_) {
            RAILHUB_TRY(const SegmentRow* const row, row_of(segment));
            std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
                return a.begin < b.begin;
            });
            RAILHUB_TRY(add_fetches(*row, spans));
        }
        return std::move(answer_);
    }

  private:
    util::Result<const SegmentRow*> row_of(std::int64_t segment) {
        auto found = rows_.find(segment);
        if (found == rows_.end()) {
            RAILHUB_TRY(auto row, segment_row(tx_, segment));
            found = rows_.emplace(segment, std::move(row)).first;
        }
        return &found->second;
    }

    // The chunks of the term that overlap these of its bytes.
    util::Result<RecipeTerm> trim(const SegmentRow& row, const RecipeTerm& term, Span in_term) {
        RAILHUB_TRY(const SegmentPtr segment, parts_.cache.get(tx_, row));
        const bool fits =
            term.end <= segment->chunks.size() &&
            segment->chunk_begin(term.end) - segment->chunk_begin(term.first) == term.unpacked;
        if (!fits) {
            return util::fail(
                util::Code::Corrupt, "the recipe of a file does not fit its segments"
            );
        }
        const std::uint64_t base = segment->chunk_begin(term.first);
        RecipeTerm part = term;
        part.first = static_cast<std::uint32_t>(chunk_at(*segment, base + in_term.begin));
        part.end = static_cast<std::uint32_t>(chunk_at(*segment, base + in_term.end - 1) + 1);
        part.unpacked = segment->chunk_begin(part.end) - segment->chunk_begin(part.first);
        if (answer_.terms.empty()) {
            answer_.offset_into_first = base + in_term.begin - segment->chunk_begin(part.first);
        }
        return part;
    }

    // Runs that touch or overlap are fetched as one.
    util::Result<> add_fetches(const SegmentRow& row, const std::vector<Span>& spans) {
        for (std::size_t i = 0; i < spans.size();) {
            Span run = spans[i++];
            while (i < spans.size() && spans[i].begin <= run.end) {
                run.end = std::max(run.end, spans[i++].end);
            }
            Fetch fetch{row.record, run, {0, row.record.stored}};
            if (run != Span{0, row.record.chunk_count}) {
                RAILHUB_TRY(const SegmentPtr segment, parts_.cache.get(tx_, row));
                fetch.bytes = {segment->record_begin(run.begin), segment->record_begin(run.end)};
            }
            answer_.fetches.push_back(fetch);
        }
        return {};
    }

    Parts& parts_;
    db::Transaction& tx_;
    Reconstruction answer_;
    std::map<std::int64_t, SegmentRow> rows_;
    std::map<std::int64_t, std::vector<Span>> wanted_;
};

} // namespace

util::Result<Reconstruction> reconstruct(
    Parts& parts, db::Transaction& tx, const FileRecord& file, const std::optional<Span>& range
) {
    RAILHUB_TRY(const Span wanted, clamp_range(file.blob.size, range));
    RAILHUB_TRY(auto terms, load_terms(tx, file.row));
    const Recipe recipe(std::move(terms));
    if (recipe.size() != file.blob.size) {
        return util::fail(
            util::Code::Corrupt, "the recipe of a file has another size than the file"
        );
    }
    Reconstructing work(parts, tx);
    if (wanted.begin < wanted.end) {
        for (std::size_t i = recipe.term_at(wanted.begin);
             i < recipe.terms().size() && recipe.begin_of(i) < wanted.end;
             ++i) {
            const std::uint64_t begin = recipe.begin_of(i);
            const Span in_term{
                std::max(wanted.begin, begin) - begin,
                std::min(wanted.end, recipe.end_of(i)) - begin};
            RAILHUB_TRY(work.add(recipe.terms()[i], in_term));
        }
    }
    return work.finish();
}

util::Result<std::vector<xet::Leaf>>
chunks_of(Parts& parts, db::Transaction& tx, const FileRecord& file) {
    RAILHUB_TRY(const auto terms, load_terms(tx, file.row));
    std::vector<xet::Leaf> chunks;
    for (const RecipeTerm& term : terms) {
        RAILHUB_TRY(const SegmentRow row, segment_row(tx, term.segment));
        RAILHUB_TRY(const SegmentPtr segment, parts.cache.get(tx, row));
        if (term.end > segment->chunks.size()) {
            return util::fail(
                util::Code::Corrupt, "the recipe of a file does not fit its segments"
            );
        }
        for (std::size_t chunk = term.first; chunk < term.end; ++chunk) {
            chunks.push_back({segment->chunks[chunk].hash, segment->chunk_size(chunk)});
        }
    }
    return chunks;
}

} // namespace railhub::cas::detail
