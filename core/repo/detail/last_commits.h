// SPDX-License-Identifier: Apache-2.0
// "Which commit made this path what it is": as `git log -1 -- <path>` answers. A commit is it
// unless one of its parents has the same at that path; then the first such parent is asked.
#pragma once

#include "core/repo/detail/commit_graph.h"
#include "core/repo/detail/tree_diff.h"

#include <map>
#include <set>
#include <string>

namespace railhub::repo::detail {

using PathSet = std::set<std::string, std::less<>>;
using PathCommits = std::map<std::string, types::Oid, std::less<>>;

// Questions that start at any commits, answered together in one walk: cost grows with the history
// walked, not with the number of paths. One thread.
class LastCommits {
  public:
    LastCommits(ObjectSource& source, CommitGraph& graph) : source_(source), graph_(graph) {}

    // Asks for paths that exist at `commit`.
    util::Result<> ask(const types::Oid& commit, PathSet paths);
    // For a merge at which `paths` differ from the first parent: goes on to the other parents that
    // have the same, or answers with the merge.
    util::Result<> ask_at_merge(const CommitNode& merge, PathSet paths);
    // Every path asked for, with its commit.
    util::Result<PathCommits> answer();

  private:
    util::Result<PathSet>
    changed(const CommitNode& commit, const types::Oid& parent, const PathSet& among);
    util::Result<> visit(const CommitNode& commit, PathSet paths);
    util::Result<> hand_down(const CommitNode& commit, std::size_t first_parent, PathSet paths);

    struct Deeper {
        bool operator()(const CommitNode* a, const CommitNode* b) const {
            return a->generation != b->generation ? a->generation > b->generation : a->oid > b->oid;
        }
    };

    ObjectSource& source_;
    CommitGraph& graph_;
    std::map<const CommitNode*, PathSet, Deeper> pending_; // deepest generation first
    PathCommits answers_;
};

} // namespace railhub::repo::detail
