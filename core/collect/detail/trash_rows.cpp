// SPDX-License-Identifier: Apache-2.0
// Statements on trash, and on the tables of recipes whose rows come and go.
#include "core/collect/detail/trash_rows.h"

#include "core/collect/recipes.h"
#include "core/storage/layout.h"
#include "core/util/clock.h"

#include <map>

namespace railhub::collect::detail {

namespace {

using util::Json;

#define RAILHUB_TRASH_COLUMNS                                                                      \
    "SELECT id, kind, subject, repo, state, object_key, trash_key, bytes, trashed_ms, facts, "     \
    "data FROM trash "

constexpr std::string_view kInsertTrash =
    "INSERT INTO trash (id, kind, subject, repo, state, object_key, trash_key, bytes, trashed_ms, "
    "facts, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kSelectTrash = RAILHUB_TRASH_COLUMNS "WHERE id = ?";
constexpr std::string_view kSelectSubject = RAILHUB_TRASH_COLUMNS "WHERE subject = ? ORDER BY id";
constexpr std::string_view kSelectState =
    RAILHUB_TRASH_COLUMNS "WHERE state = ? AND id > ? ORDER BY id LIMIT ?";
constexpr std::string_view kSelectOld =
    RAILHUB_TRASH_COLUMNS "WHERE trashed_ms <= ? AND state = 2 ORDER BY trashed_ms, id LIMIT ?";
constexpr std::size_t kDateChars = 10;

util::Result<TrashRow> row_of(const db::Statement& rows) {
    TrashRow row;
    row.id = rows.integer(0);
    row.kind = rows.text(1);
    row.subject = rows.text(2);
    row.repo = rows.text(3);
    row.state = static_cast<EntryState>(rows.integer(4));
    row.object_key = rows.text(5);
    row.trash_key = rows.text(6);
    row.bytes = static_cast<std::uint64_t>(rows.integer(7));
    row.trashed_ms = rows.integer(8);
    RAILHUB_TRY(row.facts, util::parse_json(rows.text(9)));
    const auto data = rows.blob(10);
    row.data.assign(data.begin(), data.end());
    return row;
}

util::Result<std::vector<TrashRow>> all_rows(db::Statement& rows) {
    std::vector<TrashRow> found;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return found;
        }
        RAILHUB_TRY(TrashRow row, row_of(rows));
        found.push_back(std::move(row));
    }
}

util::Result<std::int64_t> next_id(db::Transaction& tx) {
    RAILHUB_TRY(auto rows, tx.prepare("SELECT COALESCE(MAX(id), 0) + 1 FROM trash"));
    RAILHUB_TRY([[maybe_unused]] const bool found, rows.step());
    return rows.integer(0);
}

xet::Hash hash_of_blob(util::ByteView column) {
    xet::Hash hash;
    std::copy_n(column.begin(), std::min(column.size(), hash.bytes.size()), hash.bytes.begin());
    return hash;
}

util::Result<std::optional<std::int64_t>> segment_id(db::Transaction& tx, const xet::Hash& hash) {
    RAILHUB_TRY(auto rows, tx.prepare("SELECT id FROM cas_segment WHERE hash = ?"));
    RAILHUB_TRY(const bool found, rows.bind(hash.view()).step());
    return found ? std::optional(rows.integer(0)) : std::nullopt;
}

util::Result<> run_for(db::Transaction& tx, std::string_view sql, std::int64_t id) {
    RAILHUB_TRY(auto statement, tx.prepare(sql));
    RAILHUB_TRY(statement.bind(id).run());
    return {};
}

// Row ids and hashes of a recipe's segments: ids may be others when it comes back.
util::Result<Json> segment_names(db::Transaction& tx, std::int64_t file) {
    Json names = Json::array();
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT s.id, s.hash FROM cas_file_segment AS u JOIN cas_segment AS s "
                   "ON s.id = u.segment WHERE u.file = ? ORDER BY s.id")
    );
    rows.bind(file);
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return names;
        }
        names.push_back(
            Json::object({{"id", rows.integer(0)}, {"hash", hash_of_blob(rows.blob(1)).text()}})
        );
    }
}

// Chunks of a segment that may be asked for, as positions in its list.
util::Result<Json> asked_chunks(db::Transaction& tx, std::int64_t segment) {
    Json hashes = Json::array();
    RAILHUB_TRY(auto rows, tx.prepare("SELECT hash FROM cas_chunk WHERE segment = ?"));
    rows.bind(segment);
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return hashes;
        }
        hashes.push_back(hash_of_blob(rows.blob(0)).text());
    }
}

} // namespace

util::Result<> add_row(db::Transaction& tx, TrashRow& row) {
    RAILHUB_TRY(row.id, next_id(tx));
    if (!row.object_key.empty()) {
        const std::string date = util::to_iso8601(util::from_millis(row.trashed_ms));
        row.trash_key = storage::trash_key(
            std::string_view(date).substr(0, kDateChars), row.id, row.object_key
        );
    }
    RAILHUB_TRY(auto insert, tx.prepare(kInsertTrash));
    insert.bind(row.id, row.kind, row.subject, row.repo, static_cast<int>(row.state));
    insert.bind(row.object_key, row.trash_key, row.bytes, row.trashed_ms, row.facts.dump());
    RAILHUB_TRY(insert.bind(row.data).run());
    return {};
}

util::Result<std::optional<TrashRow>> find_row(db::Transaction& tx, std::int64_t id) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectTrash));
    RAILHUB_TRY(auto found, all_rows(rows.bind(id)));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

util::Result<std::vector<TrashRow>> rows_of(db::Transaction& tx, std::string_view subject) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectSubject));
    return all_rows(rows.bind(subject));
}

util::Result<std::vector<TrashRow>>
rows_in(db::Transaction& tx, EntryState state, std::int64_t after, std::size_t limit) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectState));
    return all_rows(rows.bind(static_cast<int>(state), after, limit));
}

util::Result<std::vector<TrashRow>>
rows_until(db::Transaction& tx, std::int64_t trashed_ms, std::size_t limit) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectOld));
    return all_rows(rows.bind(trashed_ms, limit));
}

util::Result<> set_in_trash(db::Transaction& tx, std::int64_t id) {
    return run_for(tx, "UPDATE trash SET state = 2 WHERE id = ?", id);
}

util::Result<> delete_row(db::Transaction& tx, std::int64_t id) {
    return run_for(tx, "DELETE FROM trash WHERE id = ?", id);
}

util::Result<std::optional<TrashRow>> take_file(db::Transaction& tx, std::int64_t file) {
    TrashRow row;
    {
        RAILHUB_TRY(
            auto rows,
            tx.prepare("SELECT hash, sha256, size, created_ms, terms FROM cas_file WHERE id = ?")
        );
        RAILHUB_TRY(const bool found, rows.bind(file).step());
        if (!found) {
            return std::optional<TrashRow>();
        }
        row.kind = kFile;
        row.subject = util::Sha256::from(rows.blob(1)).hex();
        row.facts.set("xet_hash", hash_of_blob(rows.blob(0)).text());
        row.facts.set("size", rows.integer(2));
        row.facts.set("created_ms", rows.integer(3));
        const auto terms = rows.blob(4);
        row.data.assign(terms.begin(), terms.end());
    }
    RAILHUB_TRY(auto names, segment_names(tx, file));
    row.facts.set("segments", std::move(names));
    RAILHUB_TRY(run_for(tx, "DELETE FROM cas_file_segment WHERE file = ?", file));
    RAILHUB_TRY(run_for(tx, "DELETE FROM cas_file WHERE id = ?", file));
    return std::optional(std::move(row));
}

util::Result<std::optional<TrashRow>> take_segment(db::Transaction& tx, std::int64_t segment) {
    TrashRow row;
    {
        RAILHUB_TRY(
            auto rows,
            tx.prepare("SELECT hash, encoding, blob, blob_offset, chunk_count, unpacked, stored, "
                       "layout, used_ms, chunks FROM cas_segment WHERE id = ?")
        );
        RAILHUB_TRY(const bool found, rows.bind(segment).step());
        if (!found) {
            return std::optional<TrashRow>();
        }
        const xet::Hash hash = hash_of_blob(rows.blob(0));
        row.kind = kSegment;
        row.subject = hash.text();
        row.facts.set("encoding", rows.integer(1));
        row.facts.set(
            "blob", rows.is_null(2) ? Json() : Json(util::Sha256::from(rows.blob(2)).hex())
        );
        row.facts.set("blob_offset", rows.integer(3));
        row.facts.set("chunk_count", rows.integer(4));
        row.facts.set("unpacked", rows.integer(5));
        row.facts.set("stored", rows.integer(6));
        row.facts.set("layout", rows.integer(7));
        const auto chunks = rows.blob(9);
        row.data.assign(chunks.begin(), chunks.end());
        if (rows.integer(1) == 2) {
            row.object_key = storage::xorb_key(hash);
            row.bytes = static_cast<std::uint64_t>(rows.integer(6));
            row.state = EntryState::Condemned;
        }
    }
    RAILHUB_TRY(auto asked, asked_chunks(tx, segment));
    row.facts.set("asked", std::move(asked));
    RAILHUB_TRY(run_for(tx, "DELETE FROM cas_chunk WHERE segment = ?", segment));
    RAILHUB_TRY(run_for(tx, "DELETE FROM cas_segment WHERE id = ?", segment));
    return std::optional(std::move(row));
}

util::Result<std::vector<xet::Hash>> segments_of(const TrashRow& file) {
    std::vector<xet::Hash> hashes;
    const Json* const names = file.facts.find("segments");
    const auto* const list = names != nullptr ? names->as_array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        RAILHUB_TRY(const auto hash, xet::Hash::parse((*list)[i].text("hash")));
        hashes.push_back(hash);
    }
    return hashes;
}

std::optional<util::Sha256> host_of(const TrashRow& segment) {
    const auto sha256 = util::Sha256::parse(segment.facts.text("blob"));
    return sha256.ok() ? std::optional(*sha256) : std::nullopt;
}

util::Result<bool> put_file(db::Transaction& tx, const TrashRow& row, std::int64_t now_ms) {
    RAILHUB_TRY(const auto hash, xet::Hash::parse(row.facts.text("xet_hash")));
    RAILHUB_TRY(auto known, tx.prepare("SELECT 1 FROM cas_file WHERE hash = ?"));
    RAILHUB_TRY(const bool is_there, known.bind(hash.view()).step());
    if (is_there) {
        return true;
    }
    RAILHUB_TRY(auto terms, unpack_terms(row.data));
    std::map<std::int64_t, std::int64_t> segments; // id then -> id now
    for (const Json& name : *row.facts.find("segments")->as_array()) {
        RAILHUB_TRY(const auto segment, xet::Hash::parse(name.text("hash")));
        RAILHUB_TRY(const auto id, segment_id(tx, segment));
        if (!id) {
            return false;
        }
        segments.emplace(static_cast<std::int64_t>(name.number("id")), *id);
    }
    for (RecipeTerm& term : terms) {
        const auto now = segments.find(term.segment);
        if (now == segments.end()) {
            return util::fail(util::Code::Corrupt, "a recipe in the trash is damaged");
        }
        term.segment = now->second;
    }
    RAILHUB_TRY(const auto sha256, util::Sha256::parse(row.subject));
    RAILHUB_TRY(
        auto insert,
        tx.prepare("INSERT INTO cas_file (hash, sha256, size, created_ms, terms) "
                   "VALUES (?, ?, ?, ?, ?)")
    );
    insert.bind(hash.view(), sha256.view(), row.facts.number("size"), now_ms, pack_terms(terms));
    RAILHUB_TRY(insert.run());
    const std::int64_t file = tx.last_insert_id();
    RAILHUB_TRY(auto use, tx.prepare("INSERT INTO cas_file_segment (file, segment) VALUES (?, ?)"));
    for (const auto& segment : segments) {
        RAILHUB_TRY(use.bind(file, segment.second).run());
    }
    return true;
}

util::Result<> put_segment(db::Transaction& tx, const TrashRow& row, std::int64_t now_ms) {
    RAILHUB_TRY(const auto hash, xet::Hash::parse(row.subject));
    RAILHUB_TRY(const auto known, segment_id(tx, hash));
    if (known) {
        return {};
    }
    RAILHUB_TRY(
        auto insert,
        tx.prepare("INSERT INTO cas_segment (hash, encoding, blob, blob_offset, chunk_count, "
                   "unpacked, stored, layout, used_ms, chunks) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    );
    const auto host = host_of(row);
    insert.bind(hash.view(), row.facts.number("encoding"));
    insert.bind(host ? std::optional(host->view()) : std::optional<util::ByteView>());
    insert.bind(row.facts.number("blob_offset"), row.facts.number("chunk_count"));
    insert.bind(row.facts.number("unpacked"), row.facts.number("stored"));
    insert.bind(row.facts.number("layout"), now_ms, row.data);
    RAILHUB_TRY(insert.run());
    const std::int64_t id = tx.last_insert_id();
    RAILHUB_TRY(auto ask, tx.prepare("INSERT INTO cas_chunk (hash, segment) VALUES (?, ?)"));
    for (const Json& chunk : *row.facts.find("asked")->as_array()) {
        const std::string* const text = chunk.as_string();
        RAILHUB_TRY(const auto asked, xet::Hash::parse(text != nullptr ? *text : std::string()));
        RAILHUB_TRY(ask.bind(asked.view(), id).run());
    }
    return {};
}

} // namespace railhub::collect::detail
