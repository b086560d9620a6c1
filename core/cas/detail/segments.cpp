// SPDX-License-Identifier: Apache-2.0
// Rows of segments.
#include "core/cas/detail/segments.h"

#include "core/cas/detail/numbers.h"
#include "core/storage/layout.h"

namespace railhub::cas::detail {

namespace {

constexpr std::string_view kSelectByHash =
    "SELECT id, hash, encoding, blob, blob_offset, chunk_count, unpacked, stored, layout, used_ms "
    "FROM cas_segment WHERE hash = ?";
constexpr std::string_view kSelectById =
    "SELECT id, hash, encoding, blob, blob_offset, chunk_count, unpacked, stored, layout, used_ms "
    "FROM cas_segment WHERE id = ?";

util::Result<SegmentRow> read_segment_row(const db::Statement& rows) {
    SegmentRow row;
    row.record.row = rows.integer(0);
    RAILHUB_TRY(row.record.hash, hash_of_column(rows.blob(1)));
    row.encoding = static_cast<Encoding>(rows.integer(2));
    if (row.encoding == Encoding::Loose) {
        RAILHUB_TRY(row.blob, sha256_of_column(rows.blob(3)));
    }
    row.blob_offset = static_cast<std::uint64_t>(rows.integer(4));
    row.record.chunk_count = static_cast<std::uint32_t>(rows.integer(5));
    row.record.unpacked = static_cast<std::uint32_t>(rows.integer(6));
    row.record.stored = static_cast<std::uint64_t>(rows.integer(7));
    row.record.layout = rows.integer(8);
    row.used_ms = rows.integer(9);
    return row;
}

util::Result<std::optional<SegmentRow>> only_segment(db::Statement& rows) {
    RAILHUB_TRY(const bool is_there, rows.step());
    if (!is_there) {
        return std::optional<SegmentRow>();
    }
    RAILHUB_TRY(auto row, read_segment_row(rows));
    return std::optional(std::move(row));
}

std::optional<util::ByteView> blob_column(const SegmentRow& row) {
    return row.encoding == Encoding::Loose ? std::optional(row.blob.view()) : std::nullopt;
}

} // namespace

util::Result<std::optional<SegmentRow>>
find_segment_row(db::Transaction& tx, const xet::Hash& hash) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectByHash));
    rows.bind(hash.view());
    return only_segment(rows);
}

util::Result<std::optional<SegmentRow>> find_segment_row(db::Transaction& tx, std::int64_t id) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectById));
    rows.bind(id);
    return only_segment(rows);
}

util::Result<SegmentRow> segment_row(db::Transaction& tx, std::int64_t id) {
    RAILHUB_TRY(auto row, find_segment_row(tx, id));
    if (!row) {
        return util::fail(
            util::Code::Corrupt,
            "a file refers to segment " + std::to_string(id) + ", which is gone",
            "restore the database from a backup, or upload the file again"
        );
    }
    return *std::move(row);
}

util::Result<std::int64_t>
insert_segment(db::Transaction& tx, const SegmentRow& row, std::span<const xet::XorbChunk> chunks) {
    RAILHUB_TRY(
        auto insert,
        tx.prepare("INSERT INTO cas_segment (hash, encoding, blob, blob_offset, chunk_count, "
                   "unpacked, stored, layout, used_ms, chunks) VALUES (?,?,?,?,?,?,?,?,?,?)")
    );
    insert.bind(row.record.hash.view(), static_cast<std::int64_t>(row.encoding), blob_column(row));
    insert.bind(row.blob_offset, row.record.chunk_count, row.record.unpacked, row.record.stored);
    RAILHUB_TRY(insert.bind(row.record.layout, row.used_ms, pack_chunks(chunks)).run());
    return tx.last_insert_id();
}

util::Result<>
move_segment(db::Transaction& tx, const SegmentRow& row, std::span<const xet::XorbChunk> chunks) {
    RAILHUB_TRY(
        auto update,
        tx.prepare("UPDATE cas_segment SET encoding = ?, blob = ?, blob_offset = ?, stored = ?, "
                   "layout = ?, used_ms = ?, chunks = ? WHERE id = ?")
    );
    update.bind(static_cast<std::int64_t>(row.encoding), blob_column(row), row.blob_offset);
    update.bind(row.record.stored, row.record.layout, row.used_ms, pack_chunks(chunks));
    RAILHUB_TRY(update.bind(row.record.row).run());
    return {};
}

util::Result<bool> touch_segment(db::Transaction& tx, std::int64_t id, std::int64_t now_ms) {
    RAILHUB_TRY(auto update, tx.prepare("UPDATE cas_segment SET used_ms = ? WHERE id = ?"));
    RAILHUB_TRY(const std::int64_t changed, update.bind(now_ms, id).run());
    return changed == 1;
}

std::string segment_key(const SegmentRow& row) {
    return row.encoding == Encoding::Loose ? storage::blob_key(row.blob)
                                           : storage::xorb_key(row.record.hash);
}

util::Result<bool>
is_backed(const util::Context& ctx, storage::ObjectStore& store, const SegmentRow& row) {
    RAILHUB_TRY(const auto size, store.size(ctx, segment_key(row)));
    return size.has_value();
}

util::Result<std::shared_ptr<storage::ObjectReader>>
open_backing(const util::Context& ctx, storage::ObjectStore& store, const SegmentRow& row) {
    RAILHUB_TRY(auto reader, store.open(ctx, segment_key(row)));
    const std::uint64_t wanted =
        row.encoding == Encoding::Loose ? row.blob_offset + row.record.unpacked : row.record.stored;
    if (reader->size() < wanted) {
        return util::fail(
            util::Code::Corrupt,
            "object '" + segment_key(row) + "' is cut short",
            "restore it from a backup, or upload the files that use it again"
        );
    }
    return reader;
}

SegmentPtr SegmentCache::find(const SegmentRow& row) {
    auto state = state_.access();
    const auto found = state->by_row.find(row.record.row);
    if (found == state->by_row.end()) {
        return nullptr;
    }
    const SegmentPtr segment = *found->second;
    // Rows are numbered anew when the last ones were deleted: the hash tells.
    if (segment->row.record.layout != row.record.layout ||
        segment->row.record.hash != row.record.hash) {
        state->chunks -= segment->chunks.size();
        state->order.erase(found->second);
        state->by_row.erase(found);
        return nullptr;
    }
    state->order.splice(state->order.begin(), state->order, found->second);
    return segment;
}

void SegmentCache::keep(const SegmentPtr& segment) {
    auto state = state_.access();
    if (state->by_row.count(segment->row.record.row) != 0) {
        return; // somebody was faster
    }
    state->order.push_front(segment);
    state->by_row.emplace(segment->row.record.row, state->order.begin());
    state->chunks += segment->chunks.size();
    while (state->chunks > chunk_budget_ && state->order.size() > 1) {
        const SegmentPtr& last = state->order.back();
        state->chunks -= last->chunks.size();
        state->by_row.erase(last->row.record.row);
        state->order.pop_back();
    }
}

util::Result<SegmentPtr> SegmentCache::get(db::Transaction& tx, const SegmentRow& row) {
    if (auto segment = find(row)) {
        return segment;
    }
    RAILHUB_TRY(auto rows, tx.prepare("SELECT chunks FROM cas_segment WHERE id = ?"));
    RAILHUB_TRY(const bool is_there, rows.bind(row.record.row).step());
    auto segment = std::make_shared<Segment>();
    segment->row = row;
    if (is_there) {
        RAILHUB_TRY(segment->chunks, unpack_chunks(rows.blob(0)));
    }
    if (segment->chunks.empty() || segment->chunks.size() != row.record.chunk_count ||
        segment->chunks.back().uncompressed_end != row.record.unpacked ||
        segment->chunks.back().serialized_end != row.record.stored) {
        return util::fail(
            util::Code::Corrupt,
            "the chunk list of segment '" + row.record.hash.text() + "' is damaged",
            "restore the database from a backup"
        );
    }
    SegmentPtr shared = std::move(segment);
    keep(shared);
    return shared;
}

} // namespace railhub::cas::detail
