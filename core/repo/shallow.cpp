// SPDX-License-Identifier: Apache-2.0
// Negotiation over the commit graph: when enough is known, and where a shallow history ends.
#include "core/repo/detail/commit_graph.h"
#include "core/repo/pack_send.h"

#include <algorithm>
#include <deque>
#include <limits>

namespace railhub::repo {

namespace {

using detail::CommitGraph;
using detail::CommitNode;
using detail::ObjectType;
using detail::OidSet;
using types::Oid;
using util::Code;
using util::fail;

// Commits behind stored ids; what is not stored or no commit is left out.
util::Result<std::vector<const CommitNode*>>
stored_commits(detail::ObjectSource& source, CommitGraph& graph, const std::vector<Oid>& oids) {
    std::vector<const CommitNode*> commits;
    for (const Oid& oid : oids) {
        RAILHUB_TRY(const bool is_stored, source.is_stored(oid));
        if (!is_stored) {
            continue;
        }
        RAILHUB_TRY(const detail::Peeled peeled, graph.peel(oid));
        if (peeled.type == ObjectType::Commit) {
            RAILHUB_TRY(const CommitNode* const commit, graph.node(peeled.oid));
            commits.push_back(commit);
        }
    }
    return commits;
}

// Walks all wants at once, since they share most of their history: a commit is good when it is one
// of the goals or a parent is good.
class ReachCheck {
  public:
    ReachCheck(CommitGraph& graph, const std::vector<const CommitNode*>& goals) : graph_(graph) {
        for (const CommitNode* const goal : goals) {
            known_[goal->oid] = true;
            lowest_ = std::min(lowest_, goal->generation);
        }
    }

    util::Result<bool> reaches(const CommitNode* start) {
        std::vector<const CommitNode*> stack{start};
        while (!stack.empty()) {
            const CommitNode* const top = stack.back();
            if (known_.contains(top->oid)) {
                stack.pop_back();
                continue;
            }
            bool is_good = false;
            const std::size_t depth = stack.size();
            if (top->generation > lowest_) {
                for (const Oid& oid : top->parents) {
                    const auto parent = known_.find(oid);
                    if (parent == known_.end()) {
                        RAILHUB_TRY(const CommitNode* const node, graph_.node(oid));
                        stack.push_back(node);
                    } else {
                        is_good = is_good || parent->second;
                    }
                }
            }
            if (is_good || stack.size() == depth) {
                known_[top->oid] = is_good;
                stack.resize(depth - 1);
            }
        }
        return known_.at(start->oid);
    }

  private:
    CommitGraph& graph_;
    std::unordered_map<Oid, bool, detail::OidHash> known_;
    std::uint64_t lowest_ = std::numeric_limits<std::uint64_t>::max();
};

// Which commits a deepening request selects, and which of them end it.
class Deepening {
  public:
    Deepening(CommitGraph& graph, const Deepen& deepen) : graph_(graph), deepen_(deepen) {}

    util::Result<> exclude(const std::vector<const CommitNode*>& commits) {
        std::vector<Oid> oids;
        for (const CommitNode* const commit : commits) {
            oids.push_back(commit->oid);
        }
        RAILHUB_TRY(const auto all, graph_.difference(oids, {}));
        for (const CommitNode* const commit : all) {
            excluded_.insert(commit->oid);
        }
        return {};
    }

    // Breadth first, so that every commit is met at its least depth.
    util::Result<> walk(const std::vector<const CommitNode*>& starts, std::uint64_t depth) {
        std::deque<std::pair<const CommitNode*, std::uint64_t>> queue;
        for (const CommitNode* const start : starts) {
            if (allows(*start) && selected_.insert(start->oid).second) {
                queue.emplace_back(start, 1);
            }
        }
        while (!queue.empty()) {
            const auto [commit, at] = queue.front();
            queue.pop_front();
            const bool is_deep_enough = depth != 0 && at >= depth;
            bool is_end = is_deep_enough && !commit->parents.empty();
            for (const Oid& oid : commit->parents) {
                RAILHUB_TRY(const CommitNode* const parent, graph_.node(oid));
                if (!allows(*parent)) {
                    is_end = true;
                } else if (!is_deep_enough && selected_.insert(oid).second) {
                    queue.emplace_back(parent, at + 1);
                }
            }
            if (is_end) {
                ends_.push_back(commit->oid);
            }
        }
        return {};
    }

    [[nodiscard]] const std::vector<Oid>& ends() const { return ends_; }

    // Selected with its parents.
    [[nodiscard]] bool is_inside(const Oid& oid) const {
        return selected_.contains(oid) && std::find(ends_.begin(), ends_.end(), oid) == ends_.end();
    }

    [[nodiscard]] bool is_empty() const { return selected_.empty(); }

  private:
    [[nodiscard]] bool allows(const CommitNode& commit) const {
        return commit.seconds >= deepen_.since_seconds && !excluded_.contains(commit.oid);
    }

    CommitGraph& graph_;
    const Deepen& deepen_;
    OidSet excluded_;
    OidSet selected_;
    std::vector<Oid> ends_;
};

} // namespace

util::Result<bool> is_ready(
    const util::Context& ctx,
    Repository& repository,
    const std::vector<Oid>& wants,
    const std::vector<Oid>& haves
) {
    detail::ObjectSource& source = repository.objects();
    CommitGraph graph(source);
    RAILHUB_TRY(const auto goals, stored_commits(source, graph, haves));
    if (goals.empty()) {
        return false;
    }
    RAILHUB_TRY(const auto starts, stored_commits(source, graph, wants));
    ReachCheck check(graph, goals);
    for (const CommitNode* const start : starts) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const bool reaches, check.reaches(start));
        if (!reaches) {
            return false;
        }
    }
    return true;
}

util::Result<ShallowBoundary> shallow_boundary(
    const util::Context& ctx,
    Repository& repository,
    const std::vector<Oid>& wants,
    const std::vector<Oid>& client_shallow,
    const Deepen& deepen
) {
    RAILHUB_TRY(ctx.check_stop());
    detail::ObjectSource& source = repository.objects();
    CommitGraph graph(source);
    Deepening deepening(graph, deepen);
    RAILHUB_TRY(const auto excluded, stored_commits(source, graph, deepen.not_from));
    RAILHUB_TRY(deepening.exclude(excluded));
    const bool is_relative = deepen.base == Deepen::Base::ClientShallow && !client_shallow.empty();
    RAILHUB_TRY(
        const auto starts, stored_commits(source, graph, is_relative ? client_shallow : wants)
    );
    // The boundary itself counts as the first.
    const std::uint64_t depth = deepen.depth + (is_relative && deepen.depth != 0 ? 1 : 0);
    RAILHUB_TRY(deepening.walk(starts, depth));
    if (deepening.is_empty()) {
        return fail(Code::NotFound, "no commits selected for shallow requests");
    }
    ShallowBoundary boundary;
    for (const Oid& oid : deepening.ends()) {
        if (std::find(client_shallow.begin(), client_shallow.end(), oid) == client_shallow.end()) {
            boundary.shallow.push_back(oid);
        }
    }
    for (const Oid& oid : client_shallow) {
        if (deepening.is_inside(oid)) {
            boundary.unshallow.push_back(oid);
        }
    }
    return boundary;
}

} // namespace railhub::repo
