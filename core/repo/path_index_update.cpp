// SPDX-License-Identifier: Apache-2.0
// Writing: the rows of a commit come from those of another commit near it.
#include "core/repo/detail/path_updates.h"
#include "core/repo/detail/tree_list.h"
#include "core/repo/path_index.h"

namespace railhub::repo {

namespace {

using detail::PathUpdate;
using detail::PathUpdates;
using types::Oid;
using util::Code;
using util::fail;

constexpr std::string_view kSelectSetById = "SELECT oid, entries FROM path_set WHERE id = ?";
constexpr std::string_view kSelectAnySet =
    "SELECT id FROM path_set WHERE repo = ? ORDER BY id LIMIT 1";
constexpr std::string_view kSelectUser =
    "SELECT id FROM git_ref WHERE path_set = ? AND id <> ? LIMIT 1";
constexpr std::string_view kInsertSet =
    "INSERT INTO path_set (repo, oid, entries) VALUES (?, ?, ?)";
constexpr std::string_view kUpdateSet = "UPDATE path_set SET oid = ?, entries = ? WHERE id = ?";
constexpr std::string_view kDeleteSet = "DELETE FROM path_set WHERE id = ?";
constexpr std::string_view kDeleteEntries = "DELETE FROM path_entry WHERE path_set = ?";
constexpr std::string_view kCopyEntries =
    "INSERT INTO path_entry "
    "(path_set, path, parent, mode, oid, size, lfs_sha256, lfs_size, last_commit) "
    "SELECT ?, path, parent, mode, oid, size, lfs_sha256, lfs_size, last_commit "
    "FROM path_entry WHERE path_set = ?";
constexpr std::string_view kUpdateEntry =
    "UPDATE path_entry SET mode = ?, oid = ?, size = ?, lfs_sha256 = ?, lfs_size = ?, "
    "last_commit = ? WHERE path_set = ? AND path = ?";
constexpr std::string_view kInsertEntry =
    "INSERT INTO path_entry "
    "(mode, oid, size, lfs_sha256, lfs_size, last_commit, path_set, path, parent) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kDeleteEntry = "DELETE FROM path_entry WHERE path_set = ? AND path = ?";

std::string_view folder_part(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

// Writes updates into the rows of one set; the statements are prepared once.
class RowWriter {
  public:
    RowWriter(detail::ObjectSource& source, std::int64_t set) : source_(source), set_(set) {}

    util::Result<> prepare() {
        RAILHUB_TRY(auto update, source_.tx().prepare(kUpdateEntry));
        RAILHUB_TRY(auto insert, source_.tx().prepare(kInsertEntry));
        RAILHUB_TRY(auto remove, source_.tx().prepare(kDeleteEntry));
        update_.emplace(std::move(update));
        insert_.emplace(std::move(insert));
        remove_.emplace(std::move(remove));
        return {};
    }

    // Returns by how much the number of rows grew. On a set without rows there is nothing to
    // update.
    util::Result<std::int64_t> apply(const PathUpdates& updates, bool is_empty) {
        std::int64_t growth = 0;
        for (const auto& [path, update] : updates) {
            if (!update.item) {
                RAILHUB_TRY(const std::int64_t removed, remove_->bind(set_, path).run());
                growth -= removed;
                continue;
            }
            RAILHUB_TRY(const bool is_new, put(path, update, is_empty));
            growth += is_new ? 1 : 0;
        }
        return growth;
    }

  private:
    util::Result<bool> put(const std::string& path, const PathUpdate& update, bool is_empty) {
        RAILHUB_TRY(const TreeEntry entry, detail::describe_entry(source_, path, *update.item));
        if (!is_empty) {
            bind_values(*update_, entry, update);
            RAILHUB_TRY(const std::int64_t changed, update_->bind(set_, path).run());
            if (changed > 0) {
                return false;
            }
        }
        bind_values(*insert_, entry, update);
        RAILHUB_TRY(insert_->bind(set_, path, folder_part(path)).run());
        return true;
    }

    static void
    bind_values(db::Statement& statement, const TreeEntry& entry, const PathUpdate& update) {
        statement.bind(update.item->mode, entry.oid.view());
        if (entry.lfs) {
            statement.bind(entry.pointer_size, entry.lfs->sha256.view(), entry.lfs->size);
        } else {
            statement.bind(entry.size, nullptr, nullptr);
        }
        statement.bind(update.last_commit.view());
    }

    detail::ObjectSource& source_;
    std::int64_t set_;
    std::optional<db::Statement> update_;
    std::optional<db::Statement> insert_;
    std::optional<db::Statement> remove_;
};

} // namespace

util::Result<std::optional<PathIndex::Set>> PathIndex::load_set(std::int64_t id) {
    RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectSetById));
    RAILHUB_TRY(const bool found, rows.bind(id).step());
    if (!found || rows.blob(0).size() != Oid::kSize) {
        return std::optional<Set>();
    }
    return std::optional(Set{id, Oid::from(rows.blob(0)), rows.integer(1)});
}

util::Result<bool> PathIndex::is_used_by_others(std::int64_t set, std::int64_t user) {
    RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectUser));
    return rows.bind(set, user).step();
}

util::Result<PathIndex::Set>
PathIndex::insert_set(const Oid& commit, const std::optional<Set>& copy_of) {
    Set set;
    RAILHUB_TRY(auto insert, source_.tx().prepare(kInsertSet));
    insert.bind(source_.repo(), commit.view(), copy_of ? copy_of->entries : 0);
    RAILHUB_TRY(insert.run());
    set.id = source_.tx().last_insert_id();
    if (copy_of) {
        set.commit = copy_of->commit;
        set.entries = copy_of->entries;
        RAILHUB_TRY(auto copy, source_.tx().prepare(kCopyEntries));
        RAILHUB_TRY(copy.bind(set.id, copy_of->id).run());
    }
    return set;
}

util::Result<PathIndex::Set>
PathIndex::begin_set(const Oid& commit, std::optional<std::int64_t> old_set, std::int64_t user) {
    std::optional<std::int64_t> near = old_set;
    if (!near) {
        RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectAnySet));
        RAILHUB_TRY(const bool found, rows.bind(source_.repo()).step());
        near = found ? std::optional(rows.integer(0)) : std::nullopt;
    }
    std::optional<Set> base;
    if (near) {
        RAILHUB_TRY(base, load_set(*near));
    }
    if (!base) {
        return insert_set(commit, std::nullopt);
    }
    RAILHUB_TRY(const bool is_shared, is_used_by_others(base->id, user));
    if (!is_shared) {
        return *base;
    }
    RAILHUB_TRY(const auto* const fork, graph_.first_parent_fork(*base->commit, commit));
    return insert_set(commit, fork == nullptr ? std::nullopt : base);
}

util::Result<> PathIndex::advance(Set& set, const Oid& commit) {
    RAILHUB_TRY(auto updates, detail::path_updates(source_, graph_, set.commit, commit));
    if (!updates) { // no common history
        RAILHUB_TRY(auto clear, source_.tx().prepare(kDeleteEntries));
        RAILHUB_TRY(clear.bind(set.id).run());
        set = Set{set.id, std::nullopt, 0};
        RAILHUB_TRY(updates, detail::path_updates(source_, graph_, std::nullopt, commit));
    }
    RowWriter writer(source_, set.id);
    RAILHUB_TRY(writer.prepare());
    RAILHUB_TRY(const std::int64_t growth, writer.apply(*updates, !set.commit));
    set.commit = commit;
    set.entries += growth;
    if (static_cast<std::size_t>(set.entries) > detail::kMostPaths) {
        return fail(
            Code::TooLarge,
            "tree would have more than " + std::to_string(detail::kMostPaths) + " paths",
            "pack small files into archives"
        );
    }
    RAILHUB_TRY(auto update, source_.tx().prepare(kUpdateSet));
    RAILHUB_TRY(update.bind(commit.view(), set.entries, set.id).run());
    return {};
}

util::Result<std::int64_t>
PathIndex::make_set(const Oid& commit, std::optional<std::int64_t> old_set, std::int64_t user) {
    RAILHUB_TRY(const auto existing, find_set(commit));
    if (existing) {
        return *existing;
    }
    RAILHUB_TRY(Set set, begin_set(commit, old_set, user));
    RAILHUB_TRY(advance(set, commit));
    return set.id;
}

util::Result<> PathIndex::release(std::int64_t set) {
    RAILHUB_TRY(const bool is_used, is_used_by_others(set, 0));
    if (is_used) {
        return {};
    }
    RAILHUB_TRY(auto clear, source_.tx().prepare(kDeleteEntries));
    RAILHUB_TRY(clear.bind(set).run());
    RAILHUB_TRY(auto remove, source_.tx().prepare(kDeleteSet));
    RAILHUB_TRY(remove.bind(set).run());
    return {};
}

} // namespace railhub::repo
