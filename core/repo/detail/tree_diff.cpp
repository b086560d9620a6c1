// SPDX-License-Identifier: Apache-2.0
// Two sorted lists side by side; equal subtrees are never read.
#include "core/repo/detail/tree_diff.h"

#include <map>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

// A tree in memory: its names point into `object`.
struct LoadedTree {
    Object object;
    std::vector<TreeName> entries;
};

util::Result<LoadedTree> load(ObjectSource& source, const std::optional<Oid>& oid) {
    LoadedTree tree;
    if (oid) {
        RAILHUB_TRY(tree.object, source.read(*oid, ObjectType::Tree));
        RAILHUB_TRY(tree.entries, parse_tree(*oid, tree.object.bytes));
    }
    return tree;
}

// By name, since a file and a folder of the same name stand at different places of git's order.
using Changes = std::map<std::string_view, TreeChange>;

Changes compare(const std::vector<TreeName>& before, const std::vector<TreeName>& after) {
    Changes changes;
    auto left = before.begin();
    auto right = after.begin();
    while (left != before.end() || right != after.end()) {
        int order = 0;
        if (left == before.end()) {
            order = 1;
        } else if (right == after.end()) {
            order = -1;
        } else {
            order = compare_names(*left, *right);
        }
        if (order == 0) {
            if (left->item != right->item) {
                changes[left->name] = TreeChange{left->item, right->item};
            }
            ++left;
            ++right;
        } else if (order < 0) {
            changes[left->name].before = left->item;
            ++left;
        } else {
            changes[right->name].after = right->item;
            ++right;
        }
    }
    return changes;
}

std::optional<Oid> folder_of(const std::optional<TreeItem>& item) {
    return item && item->is_folder() ? std::optional(item->oid) : std::nullopt;
}

} // namespace

util::Result<> TreeDiff::run(const std::optional<Oid>& before, const std::optional<Oid>& after) {
    return before == after ? util::Result<>() : walk("", before, after);
}

util::Result<> TreeDiff::walk(
    const std::string& folder, const std::optional<Oid>& before, const std::optional<Oid>& after
) {
    RAILHUB_TRY(source_.ctx().check_stop());
    RAILHUB_TRY(const LoadedTree old_tree, load(source_, before));
    RAILHUB_TRY(const LoadedTree new_tree, load(source_, after));
    for (const auto& [name, change] : compare(old_tree.entries, new_tree.entries)) {
        RAILHUB_TRY(change_at(join(folder, name), change));
    }
    return {};
}

util::Result<> TreeDiff::change_at(const std::string& path, const TreeChange& change) {
    if (path.size() > kLongestPath) {
        return fail(
            Code::TooLarge, "path is longer than " + std::to_string(kLongestPath) + " bytes"
        );
    }
    RAILHUB_TRY(visit_(path, change));
    const auto old_folder = folder_of(change.before);
    const auto new_folder = folder_of(change.after);
    if (old_folder == new_folder || (enter_ && !enter_(path))) {
        return {};
    }
    return walk(path, old_folder, new_folder);
}

util::Result<std::optional<TreeItem>>
find_item(ObjectSource& source, const Oid& root, std::string_view path) {
    TreeItem item{kModeFolder, root};
    while (!path.empty()) {
        if (!item.is_folder()) {
            return std::optional<TreeItem>();
        }
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view name = path.substr(0, slash);
        RAILHUB_TRY(const Object object, source.read(item.oid, ObjectType::Tree));
        util::ByteView bytes = object.bytes;
        bool is_found = false;
        while (!bytes.empty() && !is_found) {
            RAILHUB_TRY(const TreeName entry, take_tree_entry(bytes));
            is_found = entry.name == name;
            item = is_found ? entry.item : item;
        }
        if (!is_found) {
            return std::optional<TreeItem>();
        }
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return std::optional(item);
}

} // namespace railhub::repo::detail
