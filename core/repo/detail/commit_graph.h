// SPDX-License-Identifier: Apache-2.0
// CommitGraph: walks over commits by the rows of git_commit; staged commits are parsed.
#pragma once

#include "core/repo/detail/object_source.h"

#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace railhub::repo::detail {

using OidSet = std::unordered_set<types::Oid, OidHash>;

struct CommitNode {
    types::Oid oid;
    types::Oid tree;
    std::vector<types::Oid> parents;
    std::int64_t seconds = 0;     // committer time
    std::uint64_t generation = 1; // 1 + greatest of the parents
    std::uint64_t reachable = 0;  // commits reachable, itself included; 0 = not counted yet
    bool is_stored = false;
};

// What a parsed tag or commit comes to.
struct Peeled {
    types::Oid oid;
    ObjectType type = ObjectType::Commit;
};

// Nodes stay where they are while the graph lives. `source` outlives it. One thread.
class CommitGraph {
  public:
    explicit CommitGraph(ObjectSource& source) : source_(source) {}

    // Corrupt when it is absent or no commit.
    util::Result<const CommitNode*> node(const types::Oid& oid);
    // True for stored and staged commits.
    util::Result<bool> has(const types::Oid& oid);
    // Follows tags to what they tag at last.
    util::Result<Peeled> peel(const types::Oid& oid);
    util::Result<std::uint64_t> reachable(const types::Oid& oid);
    // Also true when both are the same.
    util::Result<bool> is_ancestor(const types::Oid& ancestor, const types::Oid& of);
    // Commits that `include` reach and `exclude` do not; children before parents. Commits in
    // `grafts` are taken to have no parents.
    util::Result<std::vector<const CommitNode*>> difference(
        const std::vector<types::Oid>& include,
        const std::vector<types::Oid>& exclude,
        const OidSet& grafts = {}
    );
    // From newest to oldest (by committer time, children before parents where times are sane),
    // after `skip` of them.
    util::Result<std::vector<const CommitNode*>>
    log(const types::Oid& from, std::uint64_t skip, std::size_t limit);
    // Nearest commit that the first-parent chains of both share, if any.
    util::Result<const CommitNode*> first_parent_fork(const types::Oid& a, const types::Oid& b);
    // First line of the message, as short_title() makes it.
    util::Result<std::string> title(const types::Oid& oid);

    // Writes the row of a new commit whose parents have rows.
    util::Result<> store(const types::Oid& oid);
    // Stored commits whose id lies in [first, last], at most 2.
    util::Result<std::vector<types::Oid>>
    stored_between(const types::Oid& first, const types::Oid& last);

  private:
    util::Result<const CommitNode*> find_row(const types::Oid& oid);
    util::Result<const CommitNode*> parse(const types::Oid& oid);
    util::Result<> parse_with_ancestors(const types::Oid& oid);

    ObjectSource& source_;
    std::unordered_map<types::Oid, CommitNode, OidHash> nodes_;
    std::unordered_map<types::Oid, std::string, OidHash> titles_;
    std::optional<db::Statement> select_;
};

} // namespace railhub::repo::detail
