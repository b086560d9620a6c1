// SPDX-License-Identifier: Apache-2.0
// Segments: rows of cas_segment, their chunk lists (the recently used ones in memory), and where
// their bytes are.
#pragma once

#include "core/cas/engine.h"
#include "core/util/guarded.h"

#include <list>
#include <unordered_map>

namespace railhub::cas::detail {

enum class Encoding : std::uint8_t { Loose = 1, Packed = 2 };

// A row without its chunk list.
struct SegmentRow {
    SegmentRecord record;
    Encoding encoding = Encoding::Packed;
    util::Sha256 blob;             // Loose: the extent of this blob ...
    std::uint64_t blob_offset = 0; // ... that begins here
    std::int64_t used_ms = 0;
};

struct Segment {
    SegmentRow row;
    std::vector<xet::XorbChunk> chunks;

    // Uncompressed, from the start of the segment. Precondition: chunk <= chunks.size().
    [[nodiscard]] std::uint32_t chunk_begin(std::size_t chunk) const {
        return chunk == 0 ? 0 : chunks[chunk - 1].uncompressed_end;
    }

    // In the serialized form.
    [[nodiscard]] std::uint32_t record_begin(std::size_t chunk) const {
        return chunk == 0 ? 0 : chunks[chunk - 1].serialized_end;
    }

    [[nodiscard]] std::uint32_t chunk_size(std::size_t chunk) const {
        return chunks[chunk].uncompressed_end - chunk_begin(chunk);
    }
};

// Shared with readers, which keep it beyond the cache.
using SegmentPtr = std::shared_ptr<const Segment>;

// --- rows
util::Result<std::optional<SegmentRow>>
find_segment_row(db::Transaction& tx, const xet::Hash& hash);
util::Result<std::optional<SegmentRow>> find_segment_row(db::Transaction& tx, std::int64_t id);
// Corrupt when it is not there: somebody refers to it.
util::Result<SegmentRow> segment_row(db::Transaction& tx, std::int64_t id);
// row.record.row is not looked at; returns the new one.
util::Result<std::int64_t>
insert_segment(db::Transaction& tx, const SegmentRow& row, std::span<const xet::XorbChunk> chunks);
// The bytes are elsewhere now: a new generation of the same segment.
util::Result<>
move_segment(db::Transaction& tx, const SegmentRow& row, std::span<const xet::XorbChunk> chunks);
// False when it is gone.
util::Result<bool> touch_segment(db::Transaction& tx, std::int64_t id, std::int64_t now_ms);

// Grace begins anew when a segment is used; writing that down once in this time is enough.
inline constexpr std::int64_t kTouchEveryMs = 3'600'000;

// --- bytes
std::string segment_key(const SegmentRow& row);
// Is the object there that holds the bytes?
util::Result<bool>
is_backed(const util::Context& ctx, storage::ObjectStore& store, const SegmentRow& row);
// The object that holds the bytes: the xorb, or the whole blob. NotFound when it is gone, Corrupt
// when it is too short.
util::Result<std::shared_ptr<storage::ObjectReader>>
open_backing(const util::Context& ctx, storage::ObjectStore& store, const SegmentRow& row);

// Chunk lists by segment and generation, the least recently used ones dropped. Safe from any
// thread.
class SegmentCache {
  public:
    // At most that many chunks in all (40 bytes each).
    explicit SegmentCache(std::size_t chunk_budget) : chunk_budget_(chunk_budget) {}

    // With the chunk list, from memory or from the row.
    util::Result<SegmentPtr> get(db::Transaction& tx, const SegmentRow& row);

  private:
    using Order = std::list<SegmentPtr>; // most recently used first

    struct State {
        Order order;
        std::unordered_map<std::int64_t, Order::iterator> by_row;
        std::size_t chunks = 0;
    };

    SegmentPtr find(const SegmentRow& row);
    void keep(const SegmentPtr& segment);

    const std::size_t chunk_budget_;
    util::Guarded<State> state_;
};

} // namespace railhub::cas::detail
