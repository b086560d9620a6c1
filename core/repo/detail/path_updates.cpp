// SPDX-License-Identifier: Apache-2.0
// Let F be where the first-parent chains of `from` and `to` meet. A path that no commit between F
// and either of them changed has the same last commit in both: its row stays. All others are in one
// of two sets: changed on the way to `to` (the newest such commit answers), or only on the way to
// `from` (then it is at `to` as it is at F, and F's history answers).
#include "core/repo/detail/path_updates.h"

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

class PathUpdater {
  public:
    PathUpdater(ObjectSource& source, CommitGraph& graph)
        : source_(source), graph_(graph), questions_(source, graph) {}

    // From `to` down to `fork` (nullptr: to the beginning).
    util::Result<> walk_new(const CommitNode* commit, const CommitNode* fork) {
        while (commit != nullptr && commit != fork) {
            RAILHUB_TRY(const CommitNode* const parent, first_parent(*commit));
            PathSet open; // changed by a merge, perhaps taken from another parent
            RAILHUB_TRY(changes(parent, *commit, [&](const auto& path, const auto& change) {
                const auto [place, is_new] =
                    updates_.try_emplace(path, PathUpdate{change.after, commit->oid});
                if (is_new && change.after && commit->parents.size() > 1) {
                    open.insert(place->first);
                }
            }));
            RAILHUB_TRY(questions_.ask_at_merge(*commit, std::move(open)));
            commit = parent;
        }
        return {};
    }

    // From `from` down to `fork`.
    util::Result<> walk_old(const CommitNode* commit, const CommitNode* fork) {
        std::map<std::string, std::optional<TreeItem>> undone;
        while (commit != fork) {
            RAILHUB_TRY(const CommitNode* const parent, first_parent(*commit));
            RAILHUB_TRY(changes(parent, *commit, [&](const auto& path, const auto& change) {
                undone[path] = change.before; // the deepest one is what F has
            }));
            commit = parent;
        }
        PathSet open;
        for (const auto& [path, item] : undone) {
            const bool is_new = updates_.try_emplace(path, PathUpdate{item, {}}).second;
            if (is_new && item) {
                open.insert(path);
            }
        }
        return open.empty() ? util::Result<>() : questions_.ask(fork->oid, std::move(open));
    }

    util::Result<PathUpdates> finish() {
        RAILHUB_TRY(const PathCommits answers, questions_.answer());
        for (const auto& [path, commit] : answers) {
            updates_.at(path).last_commit = commit;
        }
        return std::move(updates_);
    }

  private:
    util::Result<const CommitNode*> first_parent(const CommitNode& commit) {
        if (commit.parents.empty()) {
            return static_cast<const CommitNode*>(nullptr);
        }
        return graph_.node(commit.parents.front());
    }

    template <class Note>
    util::Result<> changes(const CommitNode* parent, const CommitNode& commit, const Note& note) {
        std::size_t count = 0;
        TreeDiff diff(
            source_,
            [&](const std::string& path, const TreeChange& change) -> util::Result<> {
                if (++count > kMostPaths || updates_.size() > kMostPaths) {
                    return fail(
                        Code::TooLarge,
                        "tree of commit '" + commit.oid.hex() + "' has more than " +
                            std::to_string(kMostPaths) + " paths",
                        "pack small files into archives"
                    );
                }
                note(path, change);
                return {};
            }
        );
        return diff.run(
            parent == nullptr ? std::nullopt : std::optional(parent->tree), commit.tree
        );
    }

    ObjectSource& source_;
    CommitGraph& graph_;
    LastCommits questions_;
    PathUpdates updates_;
};

} // namespace

util::Result<std::optional<PathUpdates>> path_updates(
    ObjectSource& source, CommitGraph& graph, const std::optional<Oid>& from, const Oid& to
) {
    const CommitNode* fork = nullptr;
    if (from) {
        RAILHUB_TRY(fork, graph.first_parent_fork(*from, to));
        if (fork == nullptr) {
            return std::optional<PathUpdates>();
        }
    }
    PathUpdater updater(source, graph);
    RAILHUB_TRY(const CommitNode* const newest, graph.node(to));
    RAILHUB_TRY(updater.walk_new(newest, fork));
    if (from) {
        RAILHUB_TRY(const CommitNode* const oldest, graph.node(*from));
        RAILHUB_TRY(updater.walk_old(oldest, fork));
    }
    RAILHUB_TRY(PathUpdates updates, updater.finish());
    return std::optional(std::move(updates));
}

} // namespace railhub::repo::detail
