// SPDX-License-Identifier: Apache-2.0
// Pages of a tree by walking it: for commits that no path index covers, and as the reference for
// it.
#pragma once

#include "core/repo/detail/last_commits.h"

namespace railhub::repo::detail {

// Size of the blob, and of the large file when it is a pointer.
util::Result<TreeEntry>
describe_entry(ObjectSource& source, std::string_view path, const TreeItem& item);

// NotFound when `folder` is none.
util::Result<TreePage> walk_tree(
    ObjectSource& source,
    const types::Oid& root,
    std::string_view folder,
    const ListOptions& options
);

util::Result<LastCommit> describe_commit(CommitGraph& graph, const types::Oid& oid);

// Fills in last_commit of entries as they are at `commit`.
util::Result<> add_last_commits(
    ObjectSource& source,
    CommitGraph& graph,
    const types::Oid& commit,
    std::vector<TreeEntry>& entries
);

// "folder 'x' does not exist"
util::Error no_such_folder(std::string_view folder);

} // namespace railhub::repo::detail
