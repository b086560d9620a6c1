// SPDX-License-Identifier: Apache-2.0
// Reading: every page is one range of an index.
#include "core/repo/path_index.h"

#include "core/repo/detail/tree_list.h"

#include <algorithm>

namespace railhub::repo {

namespace {

using detail::CommitGraph;
using detail::TreeItem;
using types::Oid;
using util::Code;
using util::fail;

constexpr std::string_view kSelectSet = "SELECT id FROM path_set WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectEntry =
    "SELECT path, mode, oid, size, lfs_sha256, lfs_size, last_commit FROM path_entry "
    "WHERE path_set = ? AND path = ?";
constexpr std::string_view kSelectChildren =
    "SELECT path, mode, oid, size, lfs_sha256, lfs_size, last_commit FROM path_entry "
    "WHERE path_set = ? AND parent = ? AND path > ? ORDER BY path LIMIT ?";
constexpr std::string_view kSelectAll =
    "SELECT path, mode, oid, size, lfs_sha256, lfs_size, last_commit FROM path_entry "
    "WHERE path_set = ? AND path > ? ORDER BY path LIMIT ?";
constexpr std::string_view kSelectBelow =
    "SELECT path, mode, oid, size, lfs_sha256, lfs_size, last_commit FROM path_entry "
    "WHERE path_set = ? AND path > ? AND path < ? ORDER BY path LIMIT ?";

util::Result<TreeEntry>
entry_of_row(const db::Statement& rows, CommitGraph& graph, ListOptions::LastCommits last_commits) {
    TreeEntry entry;
    entry.path = rows.text(0);
    entry.kind = detail::kind_of_mode(static_cast<std::uint32_t>(rows.integer(1)));
    const bool has_lfs = !rows.is_null(4);
    if (rows.blob(2).size() != Oid::kSize || rows.blob(6).size() != Oid::kSize ||
        (has_lfs && rows.blob(4).size() != util::Sha256::kSize)) {
        return fail(Code::Corrupt, "row of path '" + entry.path + "' is damaged");
    }
    entry.oid = Oid::from(rows.blob(2));
    entry.size = static_cast<std::uint64_t>(rows.integer(3));
    if (has_lfs) {
        entry.pointer_size = entry.size;
        entry.size = static_cast<std::uint64_t>(rows.integer(5));
        entry.lfs = types::BlobRef{util::Sha256::from(rows.blob(4)), entry.size};
    }
    if (last_commits == ListOptions::LastCommits::Include) {
        RAILHUB_TRY(entry.last_commit, detail::describe_commit(graph, Oid::from(rows.blob(6))));
    }
    return entry;
}

} // namespace

util::Result<std::optional<std::int64_t>> PathIndex::find_set(const Oid& commit) {
    RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectSet));
    RAILHUB_TRY(const bool found, rows.bind(source_.repo(), commit.view()).step());
    return found ? std::optional(rows.integer(0)) : std::nullopt;
}

util::Result<std::optional<TreeEntry>>
PathIndex::entry(std::int64_t set, std::string_view path, ListOptions::LastCommits last_commits) {
    RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectEntry));
    RAILHUB_TRY(const bool found, rows.bind(set, path).step());
    if (!found) {
        return std::optional<TreeEntry>();
    }
    RAILHUB_TRY(TreeEntry entry, entry_of_row(rows, graph_, last_commits));
    return std::optional(std::move(entry));
}

util::Result<TreePage>
PathIndex::list(std::int64_t set, std::string_view folder, const ListOptions& options) {
    if (!folder.empty()) {
        RAILHUB_TRY(const auto start, entry(set, folder, ListOptions::LastCommits::Omit));
        if (!start || start->kind != EntryKind::Directory) {
            return detail::no_such_folder(folder);
        }
    }
    const bool is_recursive = options.depth == ListOptions::Depth::Recursive;
    const std::string below = std::string(folder) + "/";
    const std::string past = std::string(folder) + "0"; // '0' follows '/'
    const std::string after =
        folder.empty() || !is_recursive ? options.after : std::max(options.after, below);
    const std::string_view sql = !is_recursive    ? kSelectChildren
                                 : folder.empty() ? kSelectAll
                                                  : kSelectBelow;
    RAILHUB_TRY(auto rows, source_.tx().prepare(sql));
    rows.bind(set);
    if (!is_recursive) {
        rows.bind(folder);
    }
    rows.bind(after);
    if (is_recursive && !folder.empty()) {
        rows.bind(past);
    }
    rows.bind(options.limit + 1);
    TreePage page;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return page;
        }
        if (page.entries.size() == options.limit) {
            page.has_more = true;
            return page;
        }
        RAILHUB_TRY(TreeEntry entry, entry_of_row(rows, graph_, options.last_commits));
        page.entries.push_back(std::move(entry));
    }
}

} // namespace railhub::repo
