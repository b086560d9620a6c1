// SPDX-License-Identifier: Apache-2.0
// PathIndex: the trees of branch tips as rows, with sizes, large files and last commits; pages of a
// tree of 100,000 entries cost what the page costs.
#pragma once

#include "core/repo/detail/commit_graph.h"
#include "core/repo/repository.h"

namespace railhub::repo {

// Within one transaction. One thread.
class PathIndex {
  public:
    PathIndex(detail::ObjectSource& source, detail::CommitGraph& graph)
        : source_(source), graph_(graph) {}

    // The rows that are the tree of `commit`, if there are any.
    util::Result<std::optional<std::int64_t>> find_set(const types::Oid& commit);

    util::Result<std::optional<TreeEntry>>
    entry(std::int64_t set, std::string_view path, ListOptions::LastCommits last_commits);
    // NotFound when `folder` is none.
    util::Result<TreePage>
    list(std::int64_t set, std::string_view folder, const ListOptions& options);

    // The rows of `commit`: those there are, or made from `old_set` (which is taken over when no
    // other branch uses it, else copied), from the default branch's, or from nothing.
    // `user` is the ref that will use them.
    util::Result<std::int64_t>
    make_set(const types::Oid& commit, std::optional<std::int64_t> old_set, std::int64_t user);
    // Removes rows that no ref uses.
    util::Result<> release(std::int64_t set);

  private:
    struct Set {
        std::int64_t id = 0;
        std::optional<types::Oid> commit; // whose tree the rows are; nullopt: there are none
        std::int64_t entries = 0;
    };

    util::Result<std::optional<Set>> load_set(std::int64_t id);
    util::Result<bool> is_used_by_others(std::int64_t set, std::int64_t user);
    // A set to begin from, owned by nobody else.
    util::Result<Set>
    begin_set(const types::Oid& commit, std::optional<std::int64_t> old_set, std::int64_t user);
    util::Result<Set> insert_set(const types::Oid& commit, const std::optional<Set>& copy_of);
    // Its rows become those of `commit`.
    util::Result<> advance(Set& set, const types::Oid& commit);

    detail::ObjectSource& source_;
    detail::CommitGraph& graph_;
};

} // namespace railhub::repo
