// SPDX-License-Identifier: Apache-2.0
// Runs of records go round between the thread that reads and the one that hashes.
#include "core/cas/detail/read_back.h"

#include <condition_variable>
#include <thread>

namespace railhub::cas::detail {

namespace {

// Chunks of a run, before and after decoding.
constexpr std::uint32_t kRunBytes = std::uint32_t{512} << 10;
// Below that a thread costs more than it gives.
constexpr std::uint64_t kAheadFrom = std::uint64_t{4} << 20;

// Reads the chunks of a file run by run. One thread at a time.
class RunSource {
  public:
    RunSource(
        Parts& parts,
        OpenSegment& open,
        xet::ChunkDecoder& decoder,
        const std::vector<RecipeTerm>& terms,
        ChunkCheck check
    )
        : parts_(parts), open_(open), decoder_(decoder), terms_(terms), check_(check) {}

    // False at the end of the file.
    util::Result<bool> next(ChunkRun& run) {
        run.chunks.clear();
        if (term_ == terms_.size()) {
            return false;
        }
        const RecipeTerm& term = terms_[term_];
        RAILHUB_TRY(enter(term));
        first_ = std::max<std::size_t>(first_, term.first);
        end_ = run_end(term);
        RAILHUB_TRY(
            open_.segment->row.encoding == Encoding::Loose ? take_loose(run) : take_packed(run)
        );
        first_ = end_;
        if (end_ == term.end) {
            ++term_;
            first_ = 0;
        }
        return true;
    }

  private:
    util::Result<> enter(const RecipeTerm& term) {
        if (open_.segment != nullptr && open_.segment->row.record.row == term.segment) {
            return term.end <= open_.segment->chunks.size()
                       ? util::Result<>()
                       : util::fail(
                             util::Code::Corrupt, "the recipe of a file does not fit its segments"
                         );
        }
        open_ = {};
        RAILHUB_TRY(open_, open_segment(parts_, term));
        return {};
    }

    // At least one chunk.
    [[nodiscard]] std::size_t run_end(const RecipeTerm& term) const {
        const Segment& segment = *open_.segment;
        std::size_t end = first_ + 1;
        while (end < term.end &&
               segment.chunk_begin(end + 1) - segment.chunk_begin(first_) <= kRunBytes &&
               segment.record_begin(end + 1) - segment.record_begin(first_) <= kRunBytes) {
            ++end;
        }
        return end;
    }

    util::Result<> take_loose(ChunkRun& run) {
        const Segment& segment = *open_.segment;
        const std::uint32_t base = segment.chunk_begin(first_);
        run.stored.resize(segment.chunk_begin(end_) - base);
        RAILHUB_TRY(read_exactly(*open_.backing, segment.row.blob_offset + base, run.stored));
        for (std::size_t i = first_; i < end_; ++i) {
            const util::ByteView chunk =
                util::ByteView(run.stored)
                    .subspan(segment.chunk_begin(i) - base, segment.chunk_size(i));
            RAILHUB_TRY(take(run, i, chunk));
        }
        return {};
    }

    util::Result<> take_packed(ChunkRun& run) {
        const Segment& segment = *open_.segment;
        const std::uint32_t base = segment.record_begin(first_);
        run.stored.resize(segment.record_begin(end_) - base);
        RAILHUB_TRY(read_exactly(*open_.backing, base, run.stored));
        bool has_room = false;
        for (std::size_t i = first_; i < end_; ++i) {
            const auto bytes = util::ByteView(run.stored)
                                   .subspan(
                                       segment.record_begin(i) - base,
                                       segment.record_begin(i + 1) - segment.record_begin(i)
                                   );
            const auto record = xet::parse_record(bytes);
            if (!record.ok() || record->whole() != bytes.size() ||
                record->size != segment.chunk_size(i)) {
                return damaged_chunk(segment, i);
            }
            if (record->scheme != xet::Scheme::None && !has_room) {
                run.decoded.resize(segment.chunk_begin(end_) - segment.chunk_begin(first_));
                has_room = true; // once: chunks point into it
            }
            const std::span<std::uint8_t> room =
                has_room ? std::span(run.decoded)
                               .subspan(segment.chunk_begin(i) - segment.chunk_begin(first_))
                         : std::span<std::uint8_t>();
            const auto chunk = xet::chunk_of(decoder_, *record, room);
            RAILHUB_TRY(chunk.ok() ? take(run, i, *chunk) : damaged_chunk(segment, i));
        }
        return {};
    }

    util::Result<> take(ChunkRun& run, std::size_t index, util::ByteView chunk) {
        if (check_ == ChunkCheck::Hash &&
            xet::chunk_hash(chunk) != open_.segment->chunks[index].hash) {
            return damaged_chunk(*open_.segment, index);
        }
        run.chunks.push_back(chunk);
        return {};
    }

    Parts& parts_;
    OpenSegment& open_;
    xet::ChunkDecoder& decoder_;
    const std::vector<RecipeTerm>& terms_;
    const ChunkCheck check_;
    std::size_t term_ = 0;
    std::size_t first_ = 0; // of the run, in the segment
    std::size_t end_ = 0;
};

// A thread that fills runs of a source as long as there are empty ones.
class RunsAhead {
  public:
    RunsAhead(RunSource& source, std::span<ChunkRun> runs) : source_(source), runs_(runs) {
        thread_ = std::thread([this] { fill(); });
    }

    RunsAhead(const RunsAhead&) = delete;
    RunsAhead& operator=(const RunsAhead&) = delete;

    ~RunsAhead() {
        state_.access()->is_closed = true;
        changed_.notify_all();
        thread_.join();
    }

    // The next run; null at the end. The one before is filled anew.
    util::Result<const ChunkRun*> next() {
        auto state = state_.access();
        state->taken = state->given;
        changed_.notify_all();
        changed_.wait(state.lock(), [&] { return state->filled > state->given || state->ended; });
        if (state->filled == state->given) {
            RAILHUB_TRY(state->result);
            return nullptr;
        }
        return &runs_[state->given++ % runs_.size()];
    }

  private:
    // Counts of runs; each goes through the three in this order.
    struct State {
        std::size_t filled = 0;
        std::size_t given = 0; // to the one that hashes
        std::size_t taken = 0; // it is done with them
        bool ended = false;    // nothing will be filled any more
        bool is_closed = false;
        util::Result<> result;
    };

    // False when nobody wants more.
    bool wait_for_room(std::size_t& at) {
        auto state = state_.access();
        changed_.wait(state.lock(), [&] {
            return state->is_closed || state->filled - state->taken < runs_.size();
        });
        at = state->filled % runs_.size();
        return !state->is_closed;
    }

    void fill() {
        std::size_t at = 0;
        while (wait_for_room(at)) {
            const auto more = source_.next(runs_[at]);
            auto state = state_.access();
            if (!more.ok()) {
                state->result = more.error();
            }
            state->ended = !more.ok() || !*more;
            state->filled += state->ended ? 0 : 1;
            changed_.notify_all();
            if (state->ended) {
                return;
            }
        }
    }

    RunSource& source_;
    const std::span<ChunkRun> runs_;
    util::Guarded<State> state_;
    std::condition_variable changed_;
    std::thread thread_;
};

std::uint64_t hash_run(util::Sha256Hasher& hasher, const ChunkRun& run) {
    std::uint64_t bytes = 0;
    for (const util::ByteView chunk : run.chunks) {
        hasher.update(chunk);
        bytes += chunk.size();
    }
    return bytes;
}

} // namespace

util::Result<util::Sha256> ReadBack::sha256_of(
    const std::vector<RecipeTerm>& terms, ChunkCheck check, const OnHashed& on_hashed
) {
    std::uint64_t size = 0;
    for (const RecipeTerm& term : terms) {
        size += term.unpacked;
    }
    RunSource source(parts_, open_, decoder_, terms, check);
    std::optional<RunsAhead> ahead;
    if (size >= kAheadFrom) {
        ahead.emplace(source, runs_);
    }
    const auto next = [&]() -> util::Result<const ChunkRun*> {
        if (ahead) {
            return ahead->next();
        }
        RAILHUB_TRY(const bool more, source.next(runs_.front()));
        return more ? &runs_.front() : nullptr;
    };
    util::Sha256Hasher hasher;
    while (true) {
        RAILHUB_TRY(ctx_.check_stop());
        RAILHUB_TRY(const ChunkRun* const run, next());
        if (run == nullptr) {
            return hasher.finish();
        }
        on_hashed(hash_run(hasher, *run));
    }
}

} // namespace railhub::cas::detail
