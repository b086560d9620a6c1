// SPDX-License-Identifier: Apache-2.0
// Statements on repo, its tags, its former names and its links to large files.
#include "core/repo/repo_index.h"

#include "core/repo/dead_repos.h"
#include "core/types/oid.h"
#include "core/types/revision.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <limits>

namespace railhub::repo {

namespace {

using types::RepoId;
using util::Code;
using util::fail;

// Literals, so that each statement is prepared once per connection.
#define RAILHUB_REPO_COLUMNS                                                                       \
    "SELECT id, public_id, kind, owner, name, is_private, creator, created_ms, updated_ms, "       \
    "default_branch, license_gate, head, card FROM repo "

// Not an id of a deleted repo: its git objects may still be there.
constexpr std::string_view kInsertRepo =
    "INSERT INTO repo (id, public_id, kind, owner, name, owner_key, name_key, is_private, creator, "
    "created_ms, updated_ms, default_branch, license_gate, head, card) "
    "SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL, 'null' "
    "FROM (SELECT MAX(id) AS id FROM repo UNION ALL SELECT MAX(id) FROM dead_repo) AS ids";
constexpr std::string_view kSelectByName =
    RAILHUB_REPO_COLUMNS "WHERE kind = ? AND owner_key = ? AND name_key = ?";
constexpr std::string_view kSelectByRow = RAILHUB_REPO_COLUMNS "WHERE id = ?";
constexpr std::string_view kSelectRedirect =
    "SELECT repo FROM repo_redirect WHERE kind = ? AND owner_key = ? AND name_key = ?";
constexpr std::string_view kInsertRedirect =
    "INSERT INTO repo_redirect (kind, owner_key, name_key, repo) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (kind, owner_key, name_key) DO UPDATE SET repo = excluded.repo";
constexpr std::string_view kDeleteRedirect =
    "DELETE FROM repo_redirect WHERE kind = ? AND owner_key = ? AND name_key = ?";
constexpr std::string_view kSelectTags = "SELECT tag FROM repo_tag WHERE repo = ? ORDER BY tag";
constexpr std::string_view kHasTag = "SELECT 1 FROM repo_tag WHERE repo = ? AND tag = ?";
constexpr std::string_view kUpdatePrivate = "UPDATE repo SET is_private = ? WHERE id = ?";
constexpr std::string_view kUpdateGate = "UPDATE repo SET license_gate = ? WHERE id = ?";
constexpr std::string_view kRename =
    "UPDATE repo SET kind = ?, owner = ?, name = ?, owner_key = ?, name_key = ?, updated_ms = ? "
    "WHERE id = ?";
constexpr std::string_view kHasLink = "SELECT 1 FROM lfs_link WHERE repo = ? AND sha256 = ?";
constexpr std::string_view kInsertLink =
    "INSERT INTO lfs_link (repo, sha256, size) VALUES (?, ?, ?) "
    "ON CONFLICT (repo, sha256) DO NOTHING";
constexpr std::string_view kSelectLinking =
    "SELECT repo FROM lfs_link WHERE sha256 = ? ORDER BY repo LIMIT ?";

// Rows that refer to others go before them.
constexpr std::array<std::string_view, 9> kDeleteAll = {
    "DELETE FROM path_entry WHERE path_set IN (SELECT id FROM path_set WHERE repo = ?)",
    "DELETE FROM git_ref WHERE repo = ?",
    "DELETE FROM path_set WHERE repo = ?",
    "DELETE FROM dead_object WHERE repo = ?",
    "DELETE FROM repo_change WHERE repo = ?",
    "DELETE FROM lfs_link WHERE repo = ?",
    "DELETE FROM repo_tag WHERE repo = ?",
    "DELETE FROM repo_redirect WHERE repo = ?",
    "DELETE FROM repo WHERE id = ?",
};

struct SortRow {
    RepoSort sort;
    std::string_view sql; // kind, key, key, id
};

// Pages begin after the sort key and id of the last row of the page before.
constexpr std::array kSorts = {
    SortRow{
        RepoSort::Updated,
        RAILHUB_REPO_COLUMNS "WHERE kind = ? AND (updated_ms < ? OR (updated_ms = ? AND id < ?)) "
                             "ORDER BY updated_ms DESC, id DESC"},
    SortRow{
        RepoSort::Created,
        RAILHUB_REPO_COLUMNS "WHERE kind = ? AND (created_ms < ? OR (created_ms = ? AND id < ?)) "
                             "ORDER BY created_ms DESC, id DESC"},
};
constexpr std::string_view kSelectByOwnerAndName =
    RAILHUB_REPO_COLUMNS "WHERE kind = ? AND (owner_key > ? OR (owner_key = ? AND name_key > ?)) "
                         "ORDER BY owner_key, name_key";
constexpr std::string_view kSelectOfOwner =
    RAILHUB_REPO_COLUMNS "WHERE kind = ? AND owner_key = ? AND name_key > ? ORDER BY name_key";

#undef RAILHUB_REPO_COLUMNS

constexpr std::size_t kPublicIdBytes = 12;

struct NameKeys {
    std::string owner;
    std::string name;
};

NameKeys keys_of(const RepoId& id) {
    return {util::lower(id.owner), util::lower(id.name)};
}

util::Result<RepoRecord> record_of_row(const db::Statement& rows) {
    RepoRecord record;
    record.row = rows.integer(0);
    record.public_id = rows.text(1);
    RAILHUB_TRY(record.id.kind, types::parse_kind(rows.text(2)));
    record.id.owner = rows.text(3);
    record.id.name = rows.text(4);
    record.is_private = rows.integer(5) != 0;
    record.creator = rows.text(6);
    record.created_ms = rows.integer(7);
    record.updated_ms = rows.integer(8);
    record.default_branch = rows.text(9);
    record.license_gate = rows.text(10);
    record.head = util::to_hex(rows.blob(11));
    RAILHUB_TRY(record.card, util::parse_json(rows.text(12)));
    return record;
}

util::Result<> load_tags(db::Transaction& tx, RepoRecord& record) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectTags));
    rows.bind(record.row);
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return {};
        }
        record.tags.emplace_back(rows.text(0));
    }
}

util::Result<std::optional<RepoRecord>> load_one(db::Transaction& tx, db::Statement& rows) {
    RAILHUB_TRY(const bool found, rows.step());
    if (!found) {
        return std::optional<RepoRecord>();
    }
    RAILHUB_TRY(RepoRecord record, record_of_row(rows));
    RAILHUB_TRY(load_tags(tx, record));
    return std::optional(std::move(record));
}

util::Result<std::optional<RepoRecord>> find_by_name(db::Transaction& tx, const RepoId& id) {
    const NameKeys keys = keys_of(id);
    RAILHUB_TRY(auto rows, tx.prepare(kSelectByName));
    rows.bind(types::kind_word(id.kind), keys.owner, keys.name);
    return load_one(tx, rows);
}

// One list request under way.
class Listing {
  public:
    Listing(db::Transaction& tx, const RepoFilter& filter) : tx_(tx), filter_(filter) {
        for (const std::string& word : filter.search) {
            search_.push_back(util::lower(word));
        }
        for (const std::string& owner : filter.visible_owners) {
            visible_.push_back(util::lower(owner));
        }
        owner_ = util::lower(filter.owner);
    }

    // An owner's repos are read by name and sorted in memory only by the statement: by name.
    util::Result<db::Statement> begin() {
        const std::string_view kind = types::kind_word(filter_.kind);
        if (!is_by_name()) {
            const auto* const row =
                std::find_if(kSorts.begin(), kSorts.end(), [this](const SortRow& r) {
                    return r.sort == filter_.sort;
                });
            RAILHUB_TRY(const Cursor from, parse_cursor());
            RAILHUB_TRY(auto rows, tx_.prepare(row->sql));
            rows.bind(kind, from.key, from.key, from.id);
            return rows;
        }
        const std::size_t slash = std::min(filter_.cursor.find('/'), filter_.cursor.size());
        const std::string after_owner = filter_.cursor.substr(0, slash);
        const std::string after_name =
            filter_.cursor.substr(std::min(slash + 1, filter_.cursor.size()));
        if (!owner_.empty()) {
            RAILHUB_TRY(auto rows, tx_.prepare(kSelectOfOwner));
            rows.bind(kind, owner_, after_name);
            return rows;
        }
        RAILHUB_TRY(auto rows, tx_.prepare(kSelectByOwnerAndName));
        rows.bind(kind, after_owner, after_owner, after_name);
        return rows;
    }

    util::Result<bool> matches(const RepoRecord& record) {
        const NameKeys keys = keys_of(record.id);
        if (!owner_.empty() && keys.owner != owner_) {
            return false;
        }
        const bool is_visible =
            !record.is_private || filter_.sees_all ||
            std::find(visible_.begin(), visible_.end(), keys.owner) != visible_.end();
        const std::string name = keys.owner + "/" + keys.name;
        const bool is_found =
            std::all_of(search_.begin(), search_.end(), [&name](const std::string& word) {
                return name.find(word) != name.npos;
            });
        if (!is_visible || !is_found) {
            return false;
        }
        for (const std::string& tag : filter_.tags) {
            RAILHUB_TRY(auto rows, tx_.prepare(kHasTag));
            RAILHUB_TRY(const bool has_tag, rows.bind(record.row, tag).step());
            if (!has_tag) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::string cursor_after(const RepoRecord& record) const {
        if (is_by_name()) {
            const NameKeys keys = keys_of(record.id);
            return keys.owner + "/" + keys.name;
        }
        const std::int64_t key =
            filter_.sort == RepoSort::Created ? record.created_ms : record.updated_ms;
        return std::to_string(key) + "." + std::to_string(record.row);
    }

  private:
    struct Cursor {
        std::int64_t key = std::numeric_limits<std::int64_t>::max();
        std::int64_t id = std::numeric_limits<std::int64_t>::max();
    };

    [[nodiscard]] bool is_by_name() const { return filter_.sort == RepoSort::Name; }

    util::Result<Cursor> parse_cursor() const {
        Cursor cursor;
        if (filter_.cursor.empty()) {
            return cursor;
        }
        const auto parts = util::split(filter_.cursor, '.');
        const auto key = util::parse_decimal(parts.front());
        const auto id = util::parse_decimal(parts.back());
        constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (parts.size() != 2 || !key || !id || *key > kMost || *id > kMost) {
            return fail(Code::InvalidInput, "cursor is not valid");
        }
        return Cursor{static_cast<std::int64_t>(*key), static_cast<std::int64_t>(*id)};
    }

    db::Transaction& tx_;
    const RepoFilter& filter_;
    std::vector<std::string> search_;
    std::vector<std::string> visible_;
    std::string owner_;
};

util::Result<> update_row(db::Statement statement) {
    RAILHUB_TRY(const std::int64_t changed, statement.run());
    return changed > 0 ? util::Result<>() : fail(Code::NotFound, "repository does not exist");
}

} // namespace

util::Result<RepoRecord>
create_repo(db::Transaction& tx, util::Random& random, std::int64_t now_ms, const NewRepo& wanted) {
    RAILHUB_TRY(types::check_namespace(wanted.id.owner));
    RAILHUB_TRY(types::check_repo_name(wanted.id.name));
    RAILHUB_TRY(const auto taken, find_by_name(tx, wanted.id));
    if (taken) {
        return fail(Code::AlreadyExists, taken->id.describe() + " exists already");
    }
    const NameKeys keys = keys_of(wanted.id);
    const std::string_view kind = types::kind_word(wanted.id.kind);
    RAILHUB_TRY(auto redirect, tx.prepare(kDeleteRedirect));
    RAILHUB_TRY(redirect.bind(kind, keys.owner, keys.name).run());
    RAILHUB_TRY(auto insert, tx.prepare(kInsertRepo));
    insert.bind(util::random_hex(random, kPublicIdBytes), kind, wanted.id.owner, wanted.id.name);
    insert.bind(keys.owner, keys.name, wanted.is_private ? 1 : 0, wanted.creator);
    insert.bind(now_ms, now_ms, types::kDefaultBranch);
    RAILHUB_TRY(insert.run());
    RAILHUB_TRY(auto record, find_repo_row(tx, tx.last_insert_id()));
    RAILHUB_ASSERT(record.has_value());
    return std::move(*record);
}

util::Result<std::optional<FoundRepo>> find_repo(db::Transaction& tx, const RepoId& id) {
    RAILHUB_TRY(auto record, find_by_name(tx, id));
    if (record) {
        return std::optional(FoundRepo{std::move(*record), false});
    }
    const NameKeys keys = keys_of(id);
    RAILHUB_TRY(auto rows, tx.prepare(kSelectRedirect));
    rows.bind(types::kind_word(id.kind), keys.owner, keys.name);
    RAILHUB_TRY(const bool is_renamed, rows.step());
    if (!is_renamed) {
        return std::optional<FoundRepo>();
    }
    RAILHUB_TRY(auto target, find_repo_row(tx, rows.integer(0)));
    return target ? std::optional(FoundRepo{std::move(*target), true}) : std::nullopt;
}

util::Result<std::optional<RepoRecord>> find_repo_row(db::Transaction& tx, std::int64_t row) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectByRow));
    rows.bind(row);
    return load_one(tx, rows);
}

util::Result<RepoPage> list_repos(db::Transaction& tx, const RepoFilter& filter) {
    Listing listing(tx, filter);
    RAILHUB_TRY(auto rows, listing.begin());
    RepoPage page;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return page;
        }
        RAILHUB_TRY(RepoRecord record, record_of_row(rows));
        RAILHUB_TRY(const bool is_wanted, listing.matches(record));
        if (!is_wanted) {
            continue;
        }
        if (page.repos.size() == filter.limit) {
            page.next_cursor =
                page.repos.empty() ? std::string() : listing.cursor_after(page.repos.back());
            return page;
        }
        RAILHUB_TRY(load_tags(tx, record));
        page.repos.push_back(std::move(record));
    }
}

util::Result<> set_private(db::Transaction& tx, std::int64_t row, bool is_private) {
    RAILHUB_TRY(auto update, tx.prepare(kUpdatePrivate));
    update.bind(is_private ? 1 : 0, row);
    return update_row(std::move(update));
}

util::Result<> set_license_gate(db::Transaction& tx, std::int64_t row, std::string_view policy) {
    RAILHUB_TRY(auto update, tx.prepare(kUpdateGate));
    update.bind(policy, row);
    return update_row(std::move(update));
}

util::Result<>
rename_repo(db::Transaction& tx, std::int64_t row, const RepoId& to, std::int64_t now_ms) {
    RAILHUB_TRY(types::check_namespace(to.owner));
    RAILHUB_TRY(types::check_repo_name(to.name));
    RAILHUB_TRY(const auto record, find_repo_row(tx, row));
    if (!record) {
        return fail(Code::NotFound, "repository does not exist");
    }
    RAILHUB_TRY(const auto taken, find_by_name(tx, to));
    if (taken && taken->row != row) {
        return fail(Code::AlreadyExists, taken->id.describe() + " exists already");
    }
    const NameKeys from_keys = keys_of(record->id);
    const NameKeys to_keys = keys_of(to);
    const std::string_view to_kind = types::kind_word(to.kind);
    RAILHUB_TRY(auto unused, tx.prepare(kDeleteRedirect));
    RAILHUB_TRY(unused.bind(to_kind, to_keys.owner, to_keys.name).run());
    RAILHUB_TRY(auto rename, tx.prepare(kRename));
    rename.bind(to_kind, to.owner, to.name, to_keys.owner, to_keys.name, now_ms, row);
    RAILHUB_TRY(rename.run());
    const bool is_same_name = record->id.kind == to.kind && from_keys.owner == to_keys.owner &&
                              from_keys.name == to_keys.name;
    if (is_same_name) { // only the letter case changed
        return {};
    }
    RAILHUB_TRY(auto redirect, tx.prepare(kInsertRedirect));
    redirect.bind(types::kind_word(record->id.kind), from_keys.owner, from_keys.name, row);
    RAILHUB_TRY(redirect.run());
    return {};
}

util::Result<> delete_repo(db::Transaction& tx, std::int64_t row, std::int64_t now_ms) {
    RAILHUB_TRY(bury_repo(tx, row, now_ms));
    for (const std::string_view sql : kDeleteAll) {
        RAILHUB_TRY(auto statement, tx.prepare(sql));
        RAILHUB_TRY(statement.bind(row).run());
    }
    return {};
}

util::Result<bool>
is_lfs_linked(db::Transaction& tx, std::int64_t row, const util::Sha256& sha256) {
    RAILHUB_TRY(auto rows, tx.prepare(kHasLink));
    return rows.bind(row, sha256.view()).step();
}

util::Result<> link_lfs(db::Transaction& tx, std::int64_t row, const types::BlobRef& blob) {
    RAILHUB_TRY(auto insert, tx.prepare(kInsertLink));
    RAILHUB_TRY(insert.bind(row, blob.sha256.view(), blob.size).run());
    return {};
}

util::Result<std::vector<std::int64_t>>
repos_linking_lfs(db::Transaction& tx, const util::Sha256& sha256, std::size_t limit) {
    RAILHUB_TRY(auto rows, tx.prepare(kSelectLinking));
    rows.bind(sha256.view(), limit);
    std::vector<std::int64_t> found;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return found;
        }
        found.push_back(rows.integer(0));
    }
}

} // namespace railhub::repo
