// SPDX-License-Identifier: Apache-2.0
// Random access to a file that is kept as chunks: what a read needs is decoded, and compared with
// the chunk's hash before a byte of it is given away.
#include "core/cas/detail/parts.h"

namespace railhub::cas::detail {

namespace {

constexpr std::size_t kKeptScratches = 4;

util::Result<SegmentPtr> load_segment(Parts& parts, const RecipeTerm& term) {
    RAILHUB_TRY(auto tx, parts.database.begin_read(parts.ctx));
    RAILHUB_TRY(const SegmentRow row, segment_row(*tx, term.segment));
    RAILHUB_TRY(auto segment, parts.cache.get(*tx, row));
    if (term.end > segment->chunks.size()) {
        return util::fail(util::Code::Corrupt, "the recipe of a file does not fit its segments");
    }
    return segment;
}

// What one read works with; kept from read to read, since the next one is likely to follow.
struct ChunkScratch {
    OpenSegment open;
    std::optional<std::size_t> decoded; // which chunk of segment `chunk` holds
    util::Bytes record;
    util::Bytes chunk;
    xet::ChunkDecoder decoder;
};

class PackedReader final : public storage::ObjectReader {
  public:
    PackedReader(Parts& parts, Recipe recipe, ChunkCheck check)
        : parts_(parts), recipe_(std::move(recipe)), check_(check) {}

    [[nodiscard]] std::uint64_t size() const override { return recipe_.size(); }

    util::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
        auto scratch = take_scratch();
        std::size_t filled = 0;
        while (filled < into.size() && offset + filled < size()) {
            auto got = read_chunk(*scratch, offset + filled, into.subspan(filled));
            if (!got.ok()) {
                return got; // the scratch goes too: what it holds may be of no use
            }
            filled += *got;
        }
        give_back(std::move(scratch));
        return filled;
    }

  private:
    using ScratchPtr = std::unique_ptr<ChunkScratch>;

    ScratchPtr take_scratch() {
        auto idle = idle_.access();
        if (idle->empty()) {
            return std::make_unique<ChunkScratch>();
        }
        ScratchPtr scratch = std::move(idle->back());
        idle->pop_back();
        return scratch;
    }

    void give_back(ScratchPtr scratch) {
        auto idle = idle_.access();
        if (idle->size() < kKeptScratches) {
            idle->push_back(std::move(scratch));
        }
    }

    // Bytes from `offset` to the end of its chunk, as far as they fit.
    util::Result<std::size_t>
    read_chunk(ChunkScratch& scratch, std::uint64_t offset, std::span<std::uint8_t> into) {
        const std::size_t index = recipe_.term_at(offset);
        const RecipeTerm& term = recipe_.terms()[index];
        RAILHUB_TRY(enter(scratch, term));
        const Segment& segment = *scratch.open.segment;
        const std::uint64_t in_segment =
            segment.chunk_begin(term.first) + (offset - recipe_.begin_of(index));
        if (in_segment >= segment.chunk_begin(term.end)) {
            return util::fail(
                util::Code::Corrupt, "the recipe of a file does not fit its segments"
            );
        }
        const std::size_t chunk = chunk_at(segment, in_segment);
        if (scratch.decoded != chunk) {
            RAILHUB_TRY(decode(scratch, chunk));
        }
        const std::size_t skip = in_segment - segment.chunk_begin(chunk);
        const std::size_t count = std::min(into.size(), scratch.chunk.size() - skip);
        std::copy_n(scratch.chunk.begin() + static_cast<std::ptrdiff_t>(skip), count, into.begin());
        return count;
    }

    // Makes the segment of the term the current one.
    util::Result<> enter(ChunkScratch& scratch, const RecipeTerm& term) {
        if (scratch.open.segment != nullptr &&
            scratch.open.segment->row.record.row == term.segment) {
            return {};
        }
        scratch.open = {};
        scratch.decoded.reset();
        RAILHUB_TRY(scratch.open, open_segment(parts_, term));
        return {};
    }

    util::Result<> decode(ChunkScratch& scratch, std::size_t index) {
        scratch.decoded.reset();
        const Segment& segment = *scratch.open.segment;
        if (segment.row.encoding == Encoding::Loose) {
            scratch.chunk.resize(segment.chunk_size(index));
            const std::uint64_t at = segment.row.blob_offset + segment.chunk_begin(index);
            RAILHUB_TRY(read_exactly(*scratch.open.backing, at, scratch.chunk));
        } else {
            const std::uint32_t begin = segment.record_begin(index);
            scratch.record.resize(segment.chunks[index].serialized_end - begin);
            RAILHUB_TRY(read_exactly(*scratch.open.backing, begin, scratch.record));
            const auto taken = xet::decode_record(scratch.decoder, scratch.record, scratch.chunk);
            if (!taken.ok() || *taken != scratch.record.size()) {
                return damaged_chunk(segment, index);
            }
        }
        const bool is_sound = scratch.chunk.size() == segment.chunk_size(index) &&
                              (check_ == ChunkCheck::None ||
                               xet::chunk_hash(scratch.chunk) == segment.chunks[index].hash);
        if (!is_sound) {
            return damaged_chunk(segment, index);
        }
        scratch.decoded = index;
        return {};
    }

    Parts& parts_;
    const Recipe recipe_;
    const ChunkCheck check_;
    util::Guarded<std::vector<ScratchPtr>> idle_;
};

} // namespace

util::Error damaged_chunk(const Segment& segment, std::size_t index) {
    return util::fail(
        util::Code::Corrupt,
        "chunk " + std::to_string(index) + " of segment '" + segment.row.record.hash.text() +
            "' is damaged",
        "restore '" + segment_key(segment.row) +
            "' from a backup, or remove it and upload the files that use it again"
    );
}

util::Result<>
read_exactly(storage::ObjectReader& reader, std::uint64_t offset, std::span<std::uint8_t> into) {
    while (!into.empty()) {
        RAILHUB_TRY(const std::size_t got, reader.read_at(offset, into));
        if (got == 0) {
            return util::fail(util::Code::Corrupt, "an object ends before its bytes do");
        }
        into = into.subspan(got);
        offset += got;
    }
    return {};
}

// It may move to another object between the look at its row and the opening; then the row says
// something else.
util::Result<OpenSegment> open_segment(Parts& parts, const RecipeTerm& term) {
    RAILHUB_TRY(auto segment, load_segment(parts, term));
    auto backing = open_backing(parts.ctx, parts.store(), segment->row);
    if (!backing.ok() && backing.error().code == util::Code::NotFound) {
        RAILHUB_TRY(segment, load_segment(parts, term));
        backing = open_backing(parts.ctx, parts.store(), segment->row);
    }
    if (!backing.ok()) {
        return backing.error().code == util::Code::NotFound
                   ? util::fail(
                         util::Code::Corrupt,
                         "object '" + segment_key(segment->row) + "' is gone",
                         "restore it from a backup, or upload the files that use it again"
                     )
                   : std::move(backing).error();
    }
    return OpenSegment{std::move(segment), std::move(backing).value()};
}

std::shared_ptr<storage::ObjectReader>
make_packed_reader(Parts& parts, Recipe recipe, ChunkCheck check) {
    return std::make_shared<PackedReader>(parts, std::move(recipe), check);
}

} // namespace railhub::cas::detail
