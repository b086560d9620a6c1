// SPDX-License-Identifier: Apache-2.0
// Entries come out in byte order of their whole path, which is not the order of a walk: "a-b" lies
// between "a" and "a/c". So pending entries wait in a map, and folders are opened when their turn
// comes.
#include "core/repo/detail/tree_list.h"

#include "core/types/lfs_pointer.h"

#include <map>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

using Pending = std::map<std::string, TreeItem>;

util::Result<>
open_folder(ObjectSource& source, const std::string& folder, const Oid& oid, Pending& pending) {
    RAILHUB_TRY(const Object object, source.read(oid, ObjectType::Tree));
    util::ByteView bytes = object.bytes;
    while (!bytes.empty()) {
        RAILHUB_TRY(const TreeName entry, take_tree_entry(bytes));
        pending.emplace(join(folder, entry.name), entry.item);
    }
    return {};
}

// Some path below the folder comes after `after`: '0' follows '/'.
bool reaches_past(const std::string& folder, const std::string& after) {
    return after < folder + "0" && folder.size() < kLongestPath;
}

} // namespace

util::Error no_such_folder(std::string_view folder) {
    util::Error error = fail(Code::NotFound, "folder '" + std::string(folder) + "' does not exist");
    error.reason = kReasonEntry;
    return error;
}

util::Result<TreeEntry>
describe_entry(ObjectSource& source, std::string_view path, const TreeItem& item) {
    TreeEntry entry;
    entry.path = path;
    entry.kind = kind_of_mode(item.mode);
    entry.oid = item.oid;
    if (!item.is_blob()) {
        return entry;
    }
    RAILHUB_TRY(const auto header, source.header(item.oid));
    if (!header) {
        return fail(Code::Corrupt, "object '" + item.oid.hex() + "' is missing");
    }
    entry.size = header->size;
    if (header->size < types::kMaxPointerSize && item.mode != kModeSymlink) {
        RAILHUB_TRY(const Object object, source.read(item.oid, ObjectType::Blob));
        entry.lfs = types::parse_lfs_pointer(object.text());
    }
    if (entry.lfs) {
        entry.pointer_size = entry.size;
        entry.size = entry.lfs->size;
    }
    return entry;
}

util::Result<TreePage> walk_tree(
    ObjectSource& source, const Oid& root, std::string_view folder, const ListOptions& options
) {
    RAILHUB_TRY(const auto start, find_item(source, root, folder));
    if (!start || !start->is_folder()) {
        return no_such_folder(folder);
    }
    Pending pending;
    RAILHUB_TRY(open_folder(source, std::string(folder), start->oid, pending));
    TreePage page;
    while (!pending.empty()) {
        RAILHUB_TRY(source.ctx().check_stop());
        const auto next = pending.extract(pending.begin());
        const std::string& path = next.key();
        if (path > options.after) {
            if (page.entries.size() == options.limit) {
                page.has_more = true;
                break;
            }
            if (options.detail == ListOptions::Detail::Names) {
                TreeEntry entry;
                entry.path = path;
                entry.kind = kind_of_mode(next.mapped().mode);
                entry.oid = next.mapped().oid;
                page.entries.push_back(std::move(entry));
            } else {
                RAILHUB_TRY(TreeEntry entry, describe_entry(source, path, next.mapped()));
                page.entries.push_back(std::move(entry));
            }
        }
        const bool is_recursive = options.depth == ListOptions::Depth::Recursive;
        if (is_recursive && next.mapped().is_folder() && reaches_past(path, options.after)) {
            RAILHUB_TRY(open_folder(source, path, next.mapped().oid, pending));
        }
    }
    return page;
}

util::Result<LastCommit> describe_commit(CommitGraph& graph, const Oid& oid) {
    RAILHUB_TRY(const CommitNode* const node, graph.node(oid));
    LastCommit last{oid, {}, node->seconds};
    RAILHUB_TRY(last.title, graph.title(oid));
    return last;
}

util::Result<> add_last_commits(
    ObjectSource& source, CommitGraph& graph, const Oid& commit, std::vector<TreeEntry>& entries
) {
    LastCommits question(source, graph);
    PathSet paths;
    for (const TreeEntry& entry : entries) {
        paths.insert(entry.path);
    }
    RAILHUB_TRY(question.ask(commit, std::move(paths)));
    RAILHUB_TRY(const PathCommits answers, question.answer());
    for (TreeEntry& entry : entries) {
        RAILHUB_TRY(entry.last_commit, describe_commit(graph, answers.at(entry.path)));
    }
    return {};
}

} // namespace railhub::repo::detail
