// SPDX-License-Identifier: Apache-2.0
// What changes in the path index when a branch moves from one commit to another.
#pragma once

#include "core/repo/detail/last_commits.h"

namespace railhub::repo::detail {

// Trees with more paths are refused: an index of them would cost more than it gives, and a few
// bytes of nested trees can mean billions.
inline constexpr std::size_t kMostPaths = 1'000'000;

struct PathUpdate {
    std::optional<TreeItem> item; // nullopt: the path is gone
    types::Oid last_commit;
};

using PathUpdates = std::map<std::string, PathUpdate, std::less<>>;

// nullopt when the two share no history along first parents, so that starting from nothing is the
// way. `from` nullopt: all paths of `to`. TooLarge past kMostPaths.
util::Result<std::optional<PathUpdates>> path_updates(
    ObjectSource& source,
    CommitGraph& graph,
    const std::optional<types::Oid>& from,
    const types::Oid& to
);

} // namespace railhub::repo::detail
