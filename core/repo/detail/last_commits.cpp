// SPDX-License-Identifier: Apache-2.0
// Sets of paths move down the history; along a straight line a set moves as a whole, less what a
// commit changed.
#include "core/repo/detail/last_commits.h"

namespace railhub::repo::detail {

namespace {

using types::Oid;

bool has_path_below(const PathSet& paths, const std::string& folder) {
    const auto first = paths.lower_bound(folder + "/");
    return first != paths.end() && first->starts_with(folder + "/");
}

} // namespace

util::Result<> LastCommits::ask(const Oid& commit, PathSet paths) {
    if (paths.empty()) {
        return {};
    }
    RAILHUB_TRY(const CommitNode* const node, graph_.node(commit));
    PathSet& pending = pending_[node];
    if (pending.size() < paths.size()) {
        pending.swap(paths);
    }
    pending.merge(paths);
    return {};
}

util::Result<PathCommits> LastCommits::answer() {
    while (!pending_.empty()) {
        RAILHUB_TRY(source_.ctx().check_stop());
        auto next = pending_.extract(pending_.begin());
        RAILHUB_TRY(visit(*next.key(), std::move(next.mapped())));
    }
    return std::exchange(answers_, {});
}

util::Result<PathSet>
LastCommits::changed(const CommitNode& commit, const Oid& parent, const PathSet& among) {
    RAILHUB_TRY(const CommitNode* const node, graph_.node(parent));
    PathSet found;
    TreeDiff diff(
        source_,
        [&](const std::string& path, const TreeChange&) -> util::Result<> {
            if (among.contains(path)) {
                found.insert(path);
            }
            return {};
        },
        [&](const std::string& folder) { return has_path_below(among, folder); }
    );
    RAILHUB_TRY(diff.run(node->tree, commit.tree));
    return found;
}

util::Result<> LastCommits::visit(const CommitNode& commit, PathSet paths) {
    return hand_down(commit, 0, std::move(paths));
}

util::Result<> LastCommits::ask_at_merge(const CommitNode& merge, PathSet paths) {
    return hand_down(merge, 1, std::move(paths));
}

util::Result<>
LastCommits::hand_down(const CommitNode& commit, std::size_t first_parent, PathSet paths) {
    for (std::size_t i = first_parent; i < commit.parents.size() && !paths.empty(); ++i) {
        const Oid& parent = commit.parents[i];
        RAILHUB_TRY(PathSet rest, changed(commit, parent, paths));
        for (const std::string& path : rest) {
            paths.erase(path);
        }
        RAILHUB_TRY(ask(parent, std::move(paths)));
        paths = std::move(rest);
    }
    for (const std::string& path : paths) {
        answers_[path] = commit.oid;
    }
    return {};
}

} // namespace railhub::repo::detail
