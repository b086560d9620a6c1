// SPDX-License-Identifier: Apache-2.0
// Rows of the trash, and the rows that went there as facts and data.
#pragma once

#include "core/collect/places.h"
#include "core/util/json.h"
#include "core/xet/hash.h"

#include <optional>
#include <vector>

namespace railhub::collect::detail {

enum class EntryState : std::uint8_t { Condemned = 1, InTrash = 2 };

inline constexpr std::string_view kHistory = "history";
inline constexpr std::string_view kRepo = "repo";
inline constexpr std::string_view kUpload = "upload";
inline constexpr std::string_view kFile = "file";
inline constexpr std::string_view kSegment = "segment";
inline constexpr std::string_view kObject = "object";

struct TrashRow {
    std::int64_t id = 0;
    std::string kind;
    std::string subject;
    std::string repo;
    EntryState state = EntryState::InTrash;
    std::string object_key;
    std::string trash_key; // set by add_row() when there is an object
    std::uint64_t bytes = 0;
    std::int64_t trashed_ms = 0;
    util::Json facts = util::Json::object();
    util::Bytes data;
};

// Sets id and trash_key.
util::Result<> add_row(db::Transaction& tx, TrashRow& row);
util::Result<std::optional<TrashRow>> find_row(db::Transaction& tx, std::int64_t id);
util::Result<std::vector<TrashRow>> rows_of(db::Transaction& tx, std::string_view subject);
// At most `limit` with an id above `after`.
util::Result<std::vector<TrashRow>>
rows_in(db::Transaction& tx, EntryState state, std::int64_t after, std::size_t limit);
// In the trash since then or before.
util::Result<std::vector<TrashRow>>
rows_until(db::Transaction& tx, std::int64_t trashed_ms, std::size_t limit);
util::Result<> set_in_trash(db::Transaction& tx, std::int64_t id);
util::Result<> delete_row(db::Transaction& tx, std::int64_t id);

// The recipe with this hash; its rows go. Nothing when it is not there.
util::Result<std::optional<TrashRow>> take_file(db::Transaction& tx, std::int64_t file);
util::Result<std::optional<TrashRow>> take_segment(db::Transaction& tx, std::int64_t segment);
// And back, with ids as they are now. Rows that are there again win. False when a segment of the
// recipe is not there.
util::Result<bool> put_file(db::Transaction& tx, const TrashRow& row, std::int64_t now_ms);
util::Result<> put_segment(db::Transaction& tx, const TrashRow& row, std::int64_t now_ms);
// Hashes of the segments that a file's entry needs.
util::Result<std::vector<xet::Hash>> segments_of(const TrashRow& file);
// The blob that hosts a segment's bytes; nothing when it has an object of its own.
std::optional<util::Sha256> host_of(const TrashRow& segment);

} // namespace railhub::collect::detail
