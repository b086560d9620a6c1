// SPDX-License-Identifier: Apache-2.0
// StagedWalk: everything that tips reach and that is not stored yet, each object once; finds what
// is missing on the way. Stops at stored objects, which are complete, and skips what a commit
// shares with its first parent, so that one new file in a tree of 100,000 costs little.
#pragma once

#include "core/repo/detail/commit_graph.h"
#include "core/repo/detail/tree.h"

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

namespace railhub::repo::detail {

struct StagedObject {
    types::Oid oid;
    ObjectType type = ObjectType::Blob;
    std::uint32_t mode = 0; // of blobs and trees below the root
    std::string_view path;  // of blobs and trees; empty for a root tree
    types::Oid commit;      // in which it was met first; null for tags and what they tag
};

// One thread. InvalidInput names the first object that is neither stored nor staged, or that is of
// another type than what refers to it says.
class StagedWalk {
  public:
    using Visit = std::function<util::Result<>(const StagedObject&)>;

    StagedWalk(ObjectSource& source, CommitGraph& graph, Visit visit)
        : source_(source), graph_(graph), visit_(std::move(visit)) {}

    // Commits come parents first, each before its tree.
    util::Result<> run(const std::vector<types::Oid>& tips);

  private:
    struct Place {
        std::string path;
        types::Oid referrer;
    };

    // True when the object is new and staged; false when nothing is left to do.
    util::Result<bool> is_new(const types::Oid& oid, ObjectType type, const types::Oid& referrer);
    util::Result<> walk_tip(types::Oid oid);
    util::Result<> collect_commits(const types::Oid& tip);
    util::Result<> walk_commit(const CommitNode& commit);
    util::Result<> walk_tree(
        const std::string& path,
        const types::Oid& oid,
        const std::optional<types::Oid>& base,
        const types::Oid& referrer
    );
    util::Result<> walk_entry(
        const std::string& path,
        const TreeItem& item,
        const std::optional<TreeItem>& base,
        const types::Oid& referrer
    );

    ObjectSource& source_;
    CommitGraph& graph_;
    Visit visit_;
    std::unordered_set<types::Oid, OidHash> seen_;
    std::vector<types::Oid> commits_;
    types::Oid commit_; // being walked
};

} // namespace railhub::repo::detail
