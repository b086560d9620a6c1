// SPDX-License-Identifier: Apache-2.0
// Commits first, by a stack of our own; then the tree of each beside its first parent's.
#include "core/repo/detail/staged_walk.h"

#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/tree_diff.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

// The entry of this name among entries in git's order; `from` moves on, as names come in order.
std::optional<TreeItem>
take_same(const std::vector<TreeName>& entries, std::size_t& from, const TreeName& wanted) {
    while (from < entries.size() && compare_names(entries[from], wanted) < 0) {
        ++from;
    }
    if (from < entries.size() && compare_names(entries[from], wanted) == 0) {
        return entries[from].item;
    }
    return std::nullopt;
}

} // namespace

util::Result<bool> StagedWalk::is_new(const Oid& oid, ObjectType type, const Oid& referrer) {
    if (!seen_.insert(oid).second) {
        return false;
    }
    RAILHUB_TRY(const bool is_stored, source_.is_stored(oid));
    if (!is_stored && !source_.is_staged(oid)) {
        return fail(
            Code::InvalidInput,
            std::string(type_word(type)) + " '" + oid.hex() + "' is missing, needed by '" +
                referrer.hex() + "'"
        );
    }
    RAILHUB_TRY(const auto header, source_.header(oid));
    if (header && header->type != type) {
        return fail(
            Code::InvalidInput,
            "object '" + oid.hex() + "' is a " + std::string(type_word(header->type)) + ", but '" +
                referrer.hex() + "' calls it a " + std::string(type_word(type))
        );
    }
    return !is_stored;
}

util::Result<> StagedWalk::run(const std::vector<Oid>& tips) {
    for (const Oid& tip : tips) {
        RAILHUB_TRY(walk_tip(tip));
    }
    std::vector<const CommitNode*> nodes;
    nodes.reserve(commits_.size());
    for (const Oid& oid : commits_) {
        RAILHUB_TRY(const CommitNode* const node, graph_.node(oid));
        nodes.push_back(node);
    }
    std::stable_sort(nodes.begin(), nodes.end(), [](const CommitNode* a, const CommitNode* b) {
        return a->generation < b->generation;
    });
    for (const CommitNode* const node : nodes) {
        RAILHUB_TRY(source_.ctx().check_stop());
        RAILHUB_TRY(walk_commit(*node));
    }
    return {};
}

// Through tags to a commit, a tree or a blob.
util::Result<> StagedWalk::walk_tip(Oid oid) {
    Oid referrer = oid;
    while (true) {
        RAILHUB_TRY(const auto header, source_.header(oid));
        if (!header) {
            return fail(
                Code::InvalidInput,
                "object '" + oid.hex() + "' is missing, needed by '" + referrer.hex() + "'"
            );
        }
        if (header->type == ObjectType::Commit) {
            return collect_commits(oid);
        }
        commit_ = Oid();
        if (header->type == ObjectType::Tree) {
            return walk_tree("", oid, std::nullopt, referrer);
        }
        RAILHUB_TRY(const bool is_unknown, is_new(oid, header->type, referrer));
        if (!is_unknown) {
            return {};
        }
        RAILHUB_TRY(visit_(StagedObject{oid, header->type, 0, {}, {}}));
        if (header->type == ObjectType::Blob) {
            return {};
        }
        RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tag));
        RAILHUB_TRY(const Tag tag, parse_tag(oid, object.text()));
        referrer = oid;
        oid = tag.target;
        RAILHUB_TRY(const auto target, source_.header(oid));
        if (target && target->type != tag.target_type) {
            return fail(
                Code::InvalidInput, "tag '" + referrer.hex() + "' names the wrong type of object"
            );
        }
    }
}

util::Result<> StagedWalk::collect_commits(const Oid& tip) {
    struct Open {
        Oid oid;
        Oid referrer;
    };

    std::vector<Open> stack{{tip, tip}};
    while (!stack.empty()) {
        const Open top = stack.back();
        stack.pop_back();
        RAILHUB_TRY(const bool is_unknown, is_new(top.oid, ObjectType::Commit, top.referrer));
        if (!is_unknown) {
            continue;
        }
        commits_.push_back(top.oid);
        RAILHUB_TRY(const Object object, source_.read(top.oid, ObjectType::Commit));
        RAILHUB_TRY(const Commit commit, parse_commit(top.oid, object.text()));
        for (const Oid& parent : commit.parents) {
            stack.push_back({parent, top.oid});
        }
    }
    return {};
}

util::Result<> StagedWalk::walk_commit(const CommitNode& commit) {
    commit_ = commit.oid;
    RAILHUB_TRY(visit_(StagedObject{commit.oid, ObjectType::Commit, 0, {}, commit.oid}));
    std::optional<Oid> base;
    if (!commit.parents.empty()) {
        RAILHUB_TRY(const CommitNode* const parent, graph_.node(commit.parents.front()));
        base = parent->tree;
    }
    return walk_tree("", commit.tree, base, commit.oid);
}

util::Result<> StagedWalk::walk_tree(
    const std::string& path, const Oid& oid, const std::optional<Oid>& base, const Oid& referrer
) {
    if (path.size() > kLongestPath) {
        return fail(
            Code::InvalidInput,
            "tree '" + referrer.hex() + "' has a path longer than " + std::to_string(kLongestPath) +
                " bytes"
        );
    }
    RAILHUB_TRY(const bool is_unknown, is_new(oid, ObjectType::Tree, referrer));
    if (!is_unknown) {
        return {};
    }
    RAILHUB_TRY(visit_(StagedObject{oid, ObjectType::Tree, kModeFolder, path, commit_}));
    RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tree));
    RAILHUB_TRY(const auto entries, parse_tree(oid, object.bytes));
    Object base_object;
    std::vector<TreeName> base_entries;
    if (base) {
        RAILHUB_TRY(base_object, source_.read(*base, ObjectType::Tree));
        RAILHUB_TRY(base_entries, parse_tree(*base, base_object.bytes));
    }
    std::size_t from = 0;
    for (const TreeName& entry : entries) {
        const auto same = take_same(base_entries, from, entry);
        if (!same || same->oid != entry.item.oid) {
            RAILHUB_TRY(walk_entry(join(path, entry.name), entry.item, same, oid));
        }
    }
    return {};
}

util::Result<> StagedWalk::walk_entry(
    const std::string& path,
    const TreeItem& item,
    const std::optional<TreeItem>& base,
    const Oid& referrer
) {
    if (item.is_submodule()) {
        return {}; // a commit of another repo
    }
    if (item.is_folder()) {
        const bool has_base = base && base->is_folder();
        return walk_tree(
            path, item.oid, has_base ? std::optional(base->oid) : std::nullopt, referrer
        );
    }
    RAILHUB_TRY(const bool is_unknown, is_new(item.oid, ObjectType::Blob, referrer));
    if (!is_unknown) {
        return {};
    }
    return visit_(StagedObject{item.oid, ObjectType::Blob, item.mode, path, commit_});
}

} // namespace railhub::repo::detail
