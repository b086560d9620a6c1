// SPDX-License-Identifier: Apache-2.0
// A range of a xorb is fetched once, whichever terms it serves, and decoded as it comes.
#include "core/transfer/xet_download.h"

#include "core/transfer/file_scan.h"
#include "core/xet/xorb.h"

#include <algorithm>
#include <map>
#include <set>

namespace railhub::transfer {

namespace {

// So much of a file is asked for at once, to bound the answer.
constexpr std::uint64_t kAskBytes = std::uint64_t{64} << 30;

// Distances between chunk borders of xorbs, as far as terms tell them: a forest in which each node
// knows its distance to its root.
class ChunkMap {
  public:
    void add(std::span<const xet::Term> terms) {
        for (const xet::Term& term : terms) {
            join({term.xorb, term.first}, {term.xorb, term.end}, term.unpacked);
        }
    }

    // Bytes from border `from` to border `to` of the xorb.
    std::optional<std::int64_t>
    distance(const xet::Hash& xorb, std::uint32_t from, std::uint32_t to) {
        const Place a = find({xorb, from});
        const Place b = find({xorb, to});
        return a.root == b.root ? std::optional(b.offset - a.offset) : std::nullopt;
    }

  private:
    using Border = std::pair<xet::Hash, std::uint32_t>;

    struct Place {
        Border root;
        std::int64_t offset = 0; // of the border, seen from the root
    };

    Place find(const Border& border) {
        Place place{border, 0};
        while (true) {
            const auto parent = parents_.find(place.root);
            if (parent == parents_.end()) {
                break;
            }
            place = {parent->second.root, place.offset + parent->second.offset};
        }
        if (place.root != border) {
            parents_[border] = place;
        }
        return place;
    }

    void join(const Border& from, const Border& to, std::int64_t bytes) {
        const Place a = find(from);
        const Place b = find(to);
        if (a.root != b.root) { // b.root seen from a.root
            parents_[b.root] = {a.root, a.offset + bytes - b.offset};
        }
    }

    std::map<Border, Place> parents_;
};

// A term and where its bytes are in its file.
struct PlacedTerm {
    const xet::Term* term;
    std::uint64_t at;
};

std::vector<PlacedTerm> placed(std::span<const xet::Term> terms) {
    std::vector<PlacedTerm> list;
    std::uint64_t at = 0;
    for (const xet::Term& term : terms) {
        list.push_back({&term, at});
        at += term.unpacked;
    }
    return list;
}

// The chunks that both terms have, if it is known where they are.
std::optional<LocalRun>
common_run(ChunkMap& map, const PlacedTerm& wanted, const PlacedTerm& have) {
    const std::uint32_t first = std::max(wanted.term->first, have.term->first);
    const std::uint32_t end = std::min(wanted.term->end, have.term->end);
    if (first >= end) {
        return std::nullopt;
    }
    const xet::Hash& xorb = wanted.term->xorb;
    const auto in_wanted = map.distance(xorb, wanted.term->first, first);
    const auto in_have = map.distance(xorb, have.term->first, first);
    const auto length = map.distance(xorb, first, end);
    // What a server claims may contradict itself.
    const bool is_usable = in_wanted && in_have && length && *in_wanted >= 0 && *in_have >= 0 &&
                           *length > 0 && *in_wanted + *length <= wanted.term->unpacked &&
                           *in_have + *length <= have.term->unpacked;
    if (!is_usable) {
        return std::nullopt;
    }
    const std::uint64_t begin = wanted.at + static_cast<std::uint64_t>(*in_wanted);
    return LocalRun{
        begin,
        begin + static_cast<std::uint64_t>(*length),
        have.at + static_cast<std::uint64_t>(*in_have)};
}

// Where the bytes of a term go.
struct TermPlace {
    xet::Term term;
    std::int64_t at = 0; // in the file; the first term may begin before the part asked for
};

// Decodes the records of a range and writes them wherever they belong.
class XorbRangeSink final : public ResponseSink {
  public:
    XorbRangeSink(
        const CasRange& range,
        std::vector<TermPlace> places,
        std::uint64_t begin,
        std::uint64_t end,
        PartialFile& file
    )
        : range_(range), places_(std::move(places)), begin_(begin), end_(end), file_(file) {}

    util::Result<> begin(const HttpResponse& head) override {
        if (head.status != 206) {
            return util::fail(
                util::Code::Corrupt, "the Xet server sends a whole xorb instead of a range"
            );
        }
        held_.clear();
        next_ = range_.first;
        offset_ = 0;
        starts_.clear();
        received_ = 0;
        return {};
    }

    util::Result<> write(util::ByteView bytes) override {
        received_ += bytes.size();
        if (received_ > range_.size()) {
            return util::fail(util::Code::Corrupt, "the Xet server sends more than was asked for");
        }
        held_.insert(held_.end(), bytes.begin(), bytes.end());
        std::size_t used = 0;
        while (true) {
            const util::ByteView rest = util::ByteView(held_).subspan(used);
            if (rest.size() < xet::kRecordHeader || rest.size() < record_size(rest)) {
                break;
            }
            RAILHUB_TRY(const std::size_t size, xet::decode_record(decoder_, rest, chunk_));
            RAILHUB_TRY(place_chunk());
            used += size;
        }
        held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used));
        return {};
    }

    // After the last byte.
    util::Result<> finish() const {
        if (received_ < range_.size()) {
            return util::fail(
                util::Code::Unavailable, "the Xet server sent less than it announced"
            );
        }
        if (!held_.empty() || next_ != range_.end) {
            return util::fail(
                util::Code::Corrupt, "a range of a xorb has other chunks than announced"
            );
        }
        for (const TermPlace& place : places_) {
            const std::uint64_t bytes = start_of(place.term.end) - start_of(place.term.first);
            if (bytes != place.term.unpacked) {
                return util::fail(
                    util::Code::Corrupt, "a term has another size than the Xet server announced"
                );
            }
        }
        return {};
    }

  private:
    static std::size_t record_size(util::ByteView record) {
        return xet::kRecordHeader + (std::size_t{record[1]} | std::size_t{record[2]} << 8 |
                                     std::size_t{record[3]} << 16);
    }

    // Offset of a chunk, seen from the first of the range.
    [[nodiscard]] std::uint64_t start_of(std::uint32_t chunk) const {
        const std::size_t index = chunk - range_.first;
        return index < starts_.size() ? starts_[index] : offset_;
    }

    util::Result<> place_chunk() {
        if (next_ >= range_.end) {
            return util::fail(
                util::Code::Corrupt, "a range of a xorb has more chunks than announced"
            );
        }
        starts_.push_back(offset_);
        for (const TermPlace& place : places_) {
            if (place.term.first <= next_ && next_ < place.term.end) {
                const std::uint64_t inside = offset_ - start_of(place.term.first);
                RAILHUB_TRY(write_part(place.at + static_cast<std::int64_t>(inside)));
            }
        }
        offset_ += chunk_.size();
        ++next_;
        return {};
    }

    // The chunk at `at` of the file, as far as it is asked for.
    util::Result<> write_part(std::int64_t at) {
        const auto begin = static_cast<std::int64_t>(begin_);
        const auto end = static_cast<std::int64_t>(end_);
        const std::int64_t from = std::max(at, begin);
        const std::int64_t to = std::min(at + static_cast<std::int64_t>(chunk_.size()), end);
        if (from >= to) {
            return {};
        }
        const auto part = util::ByteView(chunk_).subspan(
            static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from)
        );
        return file_.write(static_cast<std::uint64_t>(from), part);
    }

    const CasRange& range_;
    std::vector<TermPlace> places_;
    std::uint64_t begin_;
    std::uint64_t end_;
    PartialFile& file_;
    xet::ChunkDecoder decoder_;
    util::Bytes held_; // the beginning of a record
    util::Bytes chunk_;
    std::uint32_t next_ = 0;   // chunk that is decoded next
    std::uint64_t offset_ = 0; // its offset, seen from the first of the range
    std::vector<std::uint64_t> starts_;
    std::uint64_t received_ = 0;
};

// The terms that one range serves.
struct RangeWork {
    const CasRange* range = nullptr;
    std::vector<TermPlace> places;
};

util::Result<std::vector<RangeWork>>
work_of(const Reconstruction& parts, std::uint64_t begin, std::uint64_t end) {
    std::map<const CasRange*, RangeWork> by_range;
    auto at = static_cast<std::int64_t>(begin) - static_cast<std::int64_t>(parts.skip);
    for (const xet::Term& term : parts.terms) {
        const CasRange* range = parts.range_of(term); // checked when it was read
        RangeWork& work = by_range[range];
        work.range = range;
        work.places.push_back({term, at});
        at += term.unpacked;
    }
    if (at < static_cast<std::int64_t>(end)) {
        return util::fail(util::Code::Corrupt, "the Xet server does not tell of the whole file");
    }
    std::vector<RangeWork> list;
    for (auto& [range, work] : by_range) {
        list.push_back(std::move(work));
    }
    return list;
}

// Bytes that come when each range is fetched once.
std::uint64_t travelling(const Reconstruction& parts) {
    std::uint64_t bytes = 0;
    for (const auto& [xorb, ranges] : parts.ranges) {
        std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
        for (const CasRange& range : ranges) {
            bytes += seen.emplace(range.begin_byte, range.end_byte).second ? range.size() : 0;
        }
    }
    return bytes;
}

bool have_common_xorb(std::span<const xet::Term> a, std::span<const xet::Term> b) {
    std::set<xet::Hash> xorbs;
    for (const xet::Term& term : a) {
        xorbs.insert(term.xorb);
    }
    return std::any_of(b.begin(), b.end(), [&](const xet::Term& term) {
        return xorbs.contains(term.xorb);
    });
}

// Nothing, where the older version is gone from the server or from here.
std::vector<LocalRun> runs_of_older(
    const util::Context& ctx,
    const CasClient& cas,
    util::Fs& fs,
    const XetFile& file,
    std::span<const xet::Term> wanted
) {
    const auto older = cas.reconstruct(ctx, *file.older_hash, 0, kAskBytes);
    if (!older.ok() || !*older || !have_common_xorb(wanted, (*older)->terms)) {
        return {};
    }
    util::Task task(ctx.progress, "looking at the older version", 0, "B");
    const auto scan = scan_file(ctx, fs, file.older_path, ScanDepth::Borders, task);
    if (!scan.ok()) {
        return {};
    }
    const auto& have = (*older)->terms;
    return find_local_runs(wanted, have, split_terms(have, scan->chunks));
}

} // namespace

std::vector<LocalRun> find_local_runs(
    std::span<const xet::Term> wanted,
    std::span<const xet::Term> have,
    std::span<const xet::Term> borders
) {
    ChunkMap map;
    map.add(wanted);
    map.add(have);
    map.add(borders);
    std::map<xet::Hash, std::vector<PlacedTerm>> by_xorb;
    for (const PlacedTerm& term : placed(have)) {
        by_xorb[term.term->xorb].push_back(term);
    }
    std::vector<LocalRun> runs;
    for (const PlacedTerm& term : placed(wanted)) {
        for (const PlacedTerm& other : by_xorb[term.term->xorb]) {
            const auto run = common_run(map, term, other);
            if (run && (runs.empty() || run->begin >= runs.back().end)) {
                runs.push_back(*run);
            }
        }
    }
    return runs;
}

std::vector<xet::Term>
split_terms(std::span<const xet::Term> terms, std::span<const xet::Leaf> chunks) {
    std::vector<xet::Term> split;
    for (const xet::Term& term : terms) {
        const std::size_t count = term.end - term.first;
        if (count > chunks.size()) {
            break;
        }
        std::uint64_t bytes = 0;
        for (const auto& chunk : chunks.first(count)) {
            bytes += chunk.size;
        }
        if (bytes != term.unpacked) { // cut by other rules: the rest would not fit either
            break;
        }
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto size = static_cast<std::uint32_t>(chunks[i].size);
            split.push_back({term.xorb, size, term.first + i, term.first + i + 1});
        }
        chunks = chunks.subspan(count);
    }
    return split;
}

util::Result<XetRoute> choose_route(
    const util::Context& ctx,
    const CasClient& cas,
    util::Fs& fs,
    const XetFile& file,
    std::uint64_t size
) {
    XetRoute route;
    const std::uint64_t asked = std::min(size, kAskBytes);
    RAILHUB_TRY(const auto answer, cas.reconstruct(ctx, file.hash, 0, asked));
    if (!answer) {
        return route;
    }
    route.is_by_xet = travelling(*answer) < asked / 10 * 9;
    if (file.older_hash) {
        route.runs = runs_of_older(ctx, cas, fs, file, answer->terms);
    }
    return route;
}

util::Result<> fetch_by_xet(
    const util::Context& ctx,
    const CasClient& cas,
    const xet::Hash& hash,
    std::uint64_t begin,
    std::uint64_t end,
    PartialFile& file,
    util::Task& task
) {
    RAILHUB_TRY(const auto parts, cas.reconstruct(ctx, hash, begin, end));
    if (!parts) {
        return util::fail(util::Code::Corrupt, "the Xet server has a shorter file than the hub");
    }
    RAILHUB_TRY(auto works, work_of(*parts, begin, end));
    for (RangeWork& work : works) {
        XorbRangeSink sink(*work.range, std::move(work.places), begin, end, file);
        RAILHUB_TRY(cas.fetch(ctx, *work.range, sink));
        RAILHUB_TRY(sink.finish());
    }
    task.advance(end - begin);
    return {};
}

} // namespace railhub::transfer
