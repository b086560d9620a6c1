// SPDX-License-Identifier: Apache-2.0
// Commits between wants and haves; of each its tree less what a tree at hand shares with it.
#include "core/repo/detail/pack_objects.h"

#include "core/repo/detail/commit_text.h"
#include "core/repo/detail/tree.h"
#include "core/repo/refs.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

// Entries of a tree by name, for lookups while another tree is walked in the same order.
struct BaseTree {
    Object object;
    std::vector<TreeName> entries;
    std::size_t at = 0;

    std::optional<TreeItem> find(const TreeName& wanted) {
        while (at < entries.size() && compare_names(entries[at], wanted) < 0) {
            ++at;
        }
        const bool is_same = at < entries.size() && compare_names(entries[at], wanted) == 0;
        return is_same ? std::optional(entries[at].item) : std::nullopt;
    }
};

util::Result<BaseTree> load_base(ObjectSource& source, const std::optional<Oid>& oid) {
    BaseTree tree;
    if (oid) {
        RAILHUB_TRY(tree.object, source.read(*oid, ObjectType::Tree));
        RAILHUB_TRY(tree.entries, parse_tree(*oid, tree.object.bytes));
    }
    return tree;
}

} // namespace

util::Result<> PackSelection::run() {
    grafts_.insert(request_.client_shallow.begin(), request_.client_shallow.end());
    grafts_.insert(request_.shallow.begin(), request_.shallow.end());
    grafts_.insert(request_.unshallow.begin(), request_.unshallow.end());
    RAILHUB_TRY(add_haves(request_.haves));
    RAILHUB_TRY(add_haves(request_.client_shallow));
    RAILHUB_TRY(add_haves(request_.unshallow));
    for (const Oid& oid : request_.unshallow) {
        RAILHUB_TRY(const CommitNode* const commit, graph_.node(oid));
        include_.insert(include_.end(), commit->parents.begin(), commit->parents.end());
    }
    for (const Oid& want : request_.wants) {
        RAILHUB_TRY(add_want(want));
    }
    RAILHUB_TRY(const auto commits, graph_.difference(include_, exclude_, grafts_));
    for (const CommitNode* const commit : commits) {
        commits_.insert(commit->oid);
    }
    for (const CommitNode* const commit : commits) {
        RAILHUB_TRY(select_commit(*commit));
    }
    return request_.tags == TagFollowing::Include ? follow_tags() : util::Result<>();
}

util::Result<> PackSelection::add_haves(const std::vector<Oid>& haves) {
    for (const Oid& have : haves) {
        RAILHUB_TRY(const bool is_stored, source_.is_stored(have));
        if (!is_stored) {
            continue;
        }
        RAILHUB_TRY(const Peeled peeled, graph_.peel(have));
        if (peeled.type == ObjectType::Commit) {
            exclude_.push_back(peeled.oid);
        }
    }
    return {};
}

// Tags are sent with what they tag; blobs and trees that are wanted by id always.
util::Result<> PackSelection::add_want(const Oid& want) {
    Oid oid = want;
    while (true) {
        RAILHUB_TRY(const auto header, source_.header(oid));
        if (!header) {
            return fail(Code::NotFound, "not our ref " + oid.hex());
        }
        if (header->type == ObjectType::Commit) {
            include_.push_back(oid);
            return {};
        }
        if (header->type == ObjectType::Tree) {
            return select_tree("", oid, std::nullopt);
        }
        RAILHUB_TRY(send(oid, header->type, {}));
        if (header->type == ObjectType::Blob) {
            return {};
        }
        RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tag));
        RAILHUB_TRY(const Tag tag, parse_tag(oid, object.text()));
        oid = tag.target;
    }
}

util::Result<> PackSelection::send(const Oid& oid, ObjectType type, std::string_view path) {
    return sent_.insert(oid).second ? visit_(PackObject{oid, type, path}) : util::Result<>();
}

util::Result<std::optional<Oid>> PackSelection::base_of(const CommitNode& commit) {
    const bool has_parents = !commit.parents.empty() && !grafts_.contains(commit.oid);
    // A parent that the client has is better than one that is sent too: merges of what it has
    // bring nothing twice.
    const auto known =
        std::find_if(commit.parents.begin(), commit.parents.end(), [this](const Oid& parent) {
            return !commits_.contains(parent);
        });
    std::optional<Oid> base;
    if (has_parents) {
        base = known != commit.parents.end() ? *known : commit.parents.front();
    } else if (!exclude_.empty()) {
        base = exclude_.front();
    }
    if (!base) {
        return std::optional<Oid>();
    }
    RAILHUB_TRY(const CommitNode* const node, graph_.node(*base));
    return std::optional(node->tree);
}

util::Result<> PackSelection::select_commit(const CommitNode& commit) {
    RAILHUB_TRY(source_.ctx().check_stop());
    RAILHUB_TRY(send(commit.oid, ObjectType::Commit, {}));
    RAILHUB_TRY(const auto base, base_of(commit));
    return base == commit.tree ? util::Result<>() : select_tree("", commit.tree, base);
}

util::Result<> PackSelection::select_tree(
    const std::string& path, const Oid& tree, const std::optional<Oid>& base
) {
    if (sent_.contains(tree)) {
        return {};
    }
    RAILHUB_TRY(send(tree, ObjectType::Tree, path));
    RAILHUB_TRY(BaseTree base_tree, load_base(source_, base));
    RAILHUB_TRY(const Object object, source_.read(tree, ObjectType::Tree));
    RAILHUB_TRY(const auto entries, parse_tree(tree, object.bytes));
    for (const TreeName& entry : entries) {
        const auto same = base_tree.find(entry);
        if (entry.item.is_submodule() || (same && same->oid == entry.item.oid)) {
            continue;
        }
        const std::string entry_path = join(path, entry.name);
        if (!entry.item.is_folder()) {
            RAILHUB_TRY(select_blob(entry_path, entry.item.oid));
            continue;
        }
        const bool has_base = same && same->is_folder();
        RAILHUB_TRY(select_tree(
            entry_path, entry.item.oid, has_base ? std::optional(same->oid) : std::nullopt
        ));
    }
    return {};
}

util::Result<> PackSelection::select_blob(const std::string& path, const Oid& blob) {
    if (request_.filter.kind == BlobFilter::Kind::None) {
        return {};
    }
    if (request_.filter.kind == BlobFilter::Kind::UpTo) {
        RAILHUB_TRY(const auto header, source_.header(blob));
        if (header && header->size >= request_.filter.limit) {
            return {};
        }
    }
    return send(blob, ObjectType::Blob, path);
}

util::Result<> PackSelection::follow_tags() {
    RAILHUB_TRY(const auto refs, repository_.refs());
    for (const Ref& ref : refs) {
        Oid oid = ref.target;
        while (oid != ref.peeled && commits_.contains(ref.peeled)) {
            RAILHUB_TRY(send(oid, ObjectType::Tag, {}));
            RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Tag));
            RAILHUB_TRY(const Tag tag, parse_tag(oid, object.text()));
            oid = tag.target;
        }
    }
    return {};
}

} // namespace railhub::repo::detail
