// SPDX-License-Identifier: Apache-2.0
// Rows of dead_repo and dead_link; the facts are JSON with the columns of repo and git_ref.
#include "core/repo/dead_repos.h"

#include "core/repo/detail/stored_repository.h"
#include "core/repo/refs.h"
#include "core/util/text.h"

#include <array>

namespace railhub::repo {

namespace {

using types::Oid;
using util::Code;
using util::fail;
using util::Json;

constexpr std::string_view kSelectDeadRepos =
    "SELECT id, deleted_ms, trash, facts FROM dead_repo ORDER BY id";
constexpr std::string_view kSelectDeadRepo =
    "SELECT id, deleted_ms, trash, facts FROM dead_repo WHERE id = ?";
constexpr std::string_view kRestoreRepo =
    "INSERT INTO repo (id, public_id, kind, owner, name, owner_key, name_key, is_private, creator, "
    "created_ms, updated_ms, default_branch, license_gate, head, card) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

util::Result<Json> facts_of_repo(db::Transaction& tx, const RepoRecord& record) {
    Json facts = Json::object(
        {{"public_id", record.public_id},
         {"kind", types::kind_word(record.id.kind)},
         {"owner", record.id.owner},
         {"name", record.id.name},
         {"private", record.is_private},
         {"creator", record.creator},
         {"created_ms", record.created_ms},
         {"updated_ms", record.updated_ms},
         {"default_branch", record.default_branch},
         {"license_gate", record.license_gate},
         {"head", record.head},
         {"card", record.card},
         {"tags", Json::array_of(record.tags)}}
    );
    Json& list = facts.set("refs", Json::array());
    RAILHUB_TRY(const auto refs, list_refs(tx, record.row));
    for (const StoredRef& stored : refs) {
        list.push_back(Json::object(
            {{"name", stored.ref.name},
             {"target", stored.ref.target.hex()},
             {"peeled", stored.ref.peeled.hex()}}
        ));
    }
    return facts;
}

util::Result<types::RepoId> id_in(const Json& facts) {
    RAILHUB_TRY(const auto kind, types::parse_kind(facts.text("kind")));
    return types::RepoId{kind, facts.text("owner"), facts.text("name")};
}

struct Buried {
    DeadRepo repo;
    Json facts;
};

util::Result<Buried> buried_of_row(const db::Statement& rows) {
    Buried buried;
    RAILHUB_TRY(buried.facts, util::parse_json(rows.text(3)));
    buried.repo.row = rows.integer(0);
    buried.repo.deleted_ms = rows.integer(1);
    if (!rows.is_null(2)) {
        buried.repo.trash = rows.integer(2);
    }
    buried.repo.public_id = buried.facts.text("public_id");
    RAILHUB_TRY(buried.repo.id, id_in(buried.facts));
    return buried;
}

util::Result<std::optional<Buried>> find_buried(db::Transaction& tx, std::int64_t row) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectDeadRepo));
    RAILHUB_TRY(const bool found, rows.bind(row).step());
    if (!found) {
        return std::optional<Buried>();
    }
    RAILHUB_TRY(Buried buried, buried_of_row(rows));
    return std::optional(std::move(buried));
}

util::Result<> insert_repo_row(db::Transaction& tx, std::int64_t row, const Json& facts) {
    RAILHUB_TRY(auto insert, tx.prepare(kRestoreRepo));
    insert.bind(row, facts.text("public_id"), facts.text("kind"), facts.text("owner"));
    insert.bind(facts.text("name"), util::lower(facts.text("owner")));
    insert.bind(util::lower(facts.text("name")), facts.flag("private") ? 1 : 0);
    insert.bind(facts.text("creator"), facts.number("created_ms"), facts.number("updated_ms"));
    insert.bind(facts.text("default_branch"), facts.text("license_gate"));
    const auto head = Oid::parse(facts.text("head"));
    insert.bind(head.ok() ? std::optional(head->view()) : std::optional<util::ByteView>());
    const Json* const card = facts.find("card");
    insert.bind(card != nullptr ? card->dump() : "null");
    RAILHUB_TRY(insert.run());
    return {};
}

util::Result<> insert_tags(db::Transaction& tx, std::int64_t row, const Json& facts) {
    RAILHUB_TRY(auto insert, tx.prepare("INSERT INTO repo_tag (repo, tag) VALUES (?, ?)"));
    const Json* const tags = facts.find("tags");
    const auto* const list = tags != nullptr ? tags->as_array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if (const std::string* const tag = (*list)[i].as_string()) {
            RAILHUB_TRY(insert.bind(row, *tag).run());
        }
    }
    return {};
}

util::Result<> insert_refs(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    std::int64_t row,
    const Json& facts
) {
    RAILHUB_TRY(const auto source, detail::ObjectSource::open(ctx, tx, blobs, row));
    detail::CommitGraph graph(*source);
    PathIndex index(*source, graph);
    const Json* const refs = facts.find("refs");
    const auto* const list = refs != nullptr ? refs->as_array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const Json& item = (*list)[i];
        RAILHUB_TRY(const Oid target, Oid::parse(item.text("target")));
        RAILHUB_TRY(const Oid peeled, Oid::parse(item.text("peeled")));
        RAILHUB_TRY(
            const std::int64_t ref, insert_ref(tx, row, Ref{item.text("name"), target, peeled})
        );
        if (item.text("name").starts_with(types::kHeads)) {
            RAILHUB_TRY(const std::int64_t set, index.make_set(peeled, std::nullopt, ref));
            RAILHUB_TRY(set_ref_path_set(tx, ref, set));
        }
    }
    return {};
}

} // namespace

util::Result<> bury_repo(db::Transaction& tx, std::int64_t row, std::int64_t now_ms) {
    RAILHUB_TRY(const auto record, find_repo_row(tx, row));
    if (!record) {
        return {};
    }
    RAILHUB_TRY(const Json facts, facts_of_repo(tx, *record));
    RAILHUB_TRY(
        auto insert,
        tx.prepare("INSERT INTO dead_repo (id, deleted_ms, trash, facts) VALUES (?, ?, NULL, ?)")
    );
    RAILHUB_TRY(insert.bind(row, now_ms, facts.dump()).run());
    RAILHUB_TRY(
        auto links,
        tx.prepare("INSERT INTO dead_link (repo, sha256, size) "
                   "SELECT repo, sha256, size FROM lfs_link WHERE repo = ?")
    );
    RAILHUB_TRY(links.bind(row).run());
    return {};
}

util::Result<std::vector<DeadRepo>> list_dead_repos(db::Transaction& tx) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectDeadRepos));
    std::vector<DeadRepo> repos;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return repos;
        }
        RAILHUB_TRY(Buried buried, buried_of_row(rows));
        repos.push_back(std::move(buried.repo));
    }
}

util::Result<std::optional<DeadRepo>> find_dead_repo(db::Transaction& tx, std::int64_t row) {
    RAILHUB_TRY(auto buried, find_buried(tx, row));
    return buried ? std::optional(std::move(buried->repo)) : std::nullopt;
}

util::Result<>
set_dead_repo_trash(db::Transaction& tx, std::int64_t row, std::optional<std::int64_t> trash) {
    RAILHUB_TRY(auto update, tx.prepare("UPDATE dead_repo SET trash = ? WHERE id = ?"));
    RAILHUB_TRY(update.bind(trash, row).run());
    return {};
}

util::Result<std::uint64_t> dead_repo_bytes(db::Transaction& tx, std::int64_t row) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT COALESCE(SUM(LENGTH(data)), 0) FROM git_object WHERE repo = ?")
    );
    RAILHUB_TRY([[maybe_unused]] const bool found, rows.bind(row).step());
    return static_cast<std::uint64_t>(rows.integer(0));
}

util::Result<RepoRecord> restore_repo(
    const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, std::int64_t row
) {
    RAILHUB_TRY(const auto buried, find_buried(tx, row));
    if (!buried) {
        return fail(Code::NotFound, "no deleted repository " + std::to_string(row));
    }
    RAILHUB_TRY(const auto taken, find_repo(tx, buried->repo.id));
    if (taken && !taken->is_renamed) {
        return fail(
            Code::AlreadyExists,
            buried->repo.id.describe() + " exists again",
            "rename or delete that one first"
        );
    }
    RAILHUB_TRY(insert_repo_row(tx, row, buried->facts));
    RAILHUB_TRY(insert_tags(tx, row, buried->facts));
    RAILHUB_TRY(insert_refs(ctx, tx, blobs, row, buried->facts));
    // The last one: its license and that of what was made from it are judged again (core/app).
    constexpr std::array<std::string_view, 4> kMoves = {
        "INSERT INTO lfs_link (repo, sha256, size) SELECT repo, sha256, size FROM dead_link "
        "WHERE repo = ?",
        "DELETE FROM dead_link WHERE repo = ?",
        "DELETE FROM dead_repo WHERE id = ?",
        "INSERT INTO lineage_stale (repo, spreads) VALUES (?, 1) "
        "ON CONFLICT (repo) DO UPDATE SET spreads = 1"};
    for (const std::string_view sql : kMoves) {
        RAILHUB_TRY(auto move, tx.prepare(sql));
        RAILHUB_TRY(move.bind(row).run());
    }
    RAILHUB_TRY(auto record, find_repo_row(tx, row));
    RAILHUB_ASSERT(record.has_value());
    return std::move(*record);
}

util::Result<> drop_dead_repo(db::Transaction& tx, std::int64_t row) {
    constexpr std::array<std::string_view, 4> kDrops = {
        "DELETE FROM git_object WHERE repo = ?",
        "DELETE FROM git_commit WHERE repo = ?",
        "DELETE FROM dead_link WHERE repo = ?",
        "DELETE FROM dead_repo WHERE id = ?"};
    for (const std::string_view sql : kDrops) {
        RAILHUB_TRY(auto drop, tx.prepare(sql));
        RAILHUB_TRY(drop.bind(row).run());
    }
    return {};
}

} // namespace railhub::repo
