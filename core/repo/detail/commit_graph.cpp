// SPDX-License-Identifier: Apache-2.0
// Walks in order of generation visit every child before its parents, so that what is known about a
// commit is complete when it is visited.
#include "core/repo/detail/commit_graph.h"

#include "core/repo/detail/commit_text.h"

#include <algorithm>
#include <queue>

namespace railhub::repo::detail {

namespace {

using types::Oid;
using util::Code;
using util::fail;

constexpr std::string_view kSelectNode =
    "SELECT tree, seconds, generation, reachable, parents FROM git_commit "
    "WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectTitle = "SELECT title FROM git_commit WHERE repo = ? AND oid = ?";
constexpr std::string_view kSelectCommitsBetween =
    "SELECT oid FROM git_commit WHERE repo = ? AND oid >= ? AND oid <= ? LIMIT 2";
constexpr std::string_view kInsertCommit =
    "INSERT INTO git_commit (repo, oid, tree, seconds, generation, reachable, parents, title) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (repo, oid) DO NOTHING";

constexpr int kDeepestTag = 32;

struct DeepestFirst {
    bool operator()(const CommitNode* a, const CommitNode* b) const {
        return a->generation != b->generation ? a->generation < b->generation : a->oid < b->oid;
    }
};

using GenerationQueue =
    std::priority_queue<const CommitNode*, std::vector<const CommitNode*>, DeepestFirst>;

std::vector<Oid> split_oids(util::ByteView bytes) {
    std::vector<Oid> oids;
    for (; bytes.size() >= Oid::kSize; bytes = bytes.subspan(Oid::kSize)) {
        oids.push_back(Oid::from(bytes.first(Oid::kSize)));
    }
    return oids;
}

util::Bytes join_oids(const std::vector<Oid>& oids) {
    util::Bytes bytes;
    for (const Oid& oid : oids) {
        bytes.insert(bytes.end(), oid.bytes.begin(), oid.bytes.end());
    }
    return bytes;
}

} // namespace

util::Result<const CommitNode*> CommitGraph::find_row(const Oid& oid) {
    if (!select_) {
        RAILHUB_TRY(auto statement, source_.tx().prepare(kSelectNode));
        select_.emplace(std::move(statement));
    }
    select_->reset();
    RAILHUB_TRY(const bool found, select_->bind(source_.repo(), oid.view()).step());
    if (!found) {
        return static_cast<const CommitNode*>(nullptr);
    }
    if (select_->blob(0).size() != Oid::kSize) {
        return fail(Code::Corrupt, "row of commit '" + oid.hex() + "' is damaged");
    }
    CommitNode node;
    node.oid = oid;
    node.tree = Oid::from(select_->blob(0));
    node.seconds = select_->integer(1);
    node.generation = static_cast<std::uint64_t>(select_->integer(2));
    node.reachable = static_cast<std::uint64_t>(select_->integer(3));
    node.parents = split_oids(select_->blob(4));
    node.is_stored = true;
    select_->reset();
    return static_cast<const CommitNode*>(&nodes_.emplace(oid, std::move(node)).first->second);
}

util::Result<const CommitNode*> CommitGraph::parse(const Oid& oid) {
    RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Commit));
    RAILHUB_TRY(const Commit commit, parse_commit(oid, object.text()));
    CommitNode node;
    node.oid = oid;
    node.tree = commit.tree;
    node.parents = commit.parents;
    node.seconds = commit.committer.seconds;
    node.generation = 0; // until the parents are known
    return static_cast<const CommitNode*>(&nodes_.emplace(oid, std::move(node)).first->second);
}

// Depth first with a stack of our own: histories are deeper than stacks.
util::Result<> CommitGraph::parse_with_ancestors(const Oid& oid) {
    std::vector<Oid> stack{oid};
    while (!stack.empty()) {
        const Oid top = stack.back();
        const auto known = nodes_.find(top);
        const CommitNode* node = known == nodes_.end() ? nullptr : &known->second;
        if (node == nullptr) {
            RAILHUB_TRY(node, find_row(top));
        }
        if (node == nullptr) {
            RAILHUB_TRY(node, parse(top));
        }
        std::uint64_t generation = 0;
        const std::size_t depth = stack.size();
        if (node->generation == 0) {
            for (const Oid& parent : node->parents) {
                const auto found = nodes_.find(parent);
                if (found == nodes_.end() || found->second.generation == 0) {
                    stack.push_back(parent);
                } else {
                    generation = std::max(generation, found->second.generation);
                }
            }
        }
        if (stack.size() == depth) {
            CommitNode& done = nodes_.at(top);
            if (done.generation == 0) {
                done.generation = generation + 1;
            }
            stack.pop_back();
        }
    }
    return {};
}

util::Result<const CommitNode*> CommitGraph::node(const Oid& oid) {
    const auto known = nodes_.find(oid);
    if (known != nodes_.end()) {
        return static_cast<const CommitNode*>(&known->second);
    }
    RAILHUB_TRY(const CommitNode* const row, find_row(oid));
    if (row == nullptr) {
        RAILHUB_TRY(parse_with_ancestors(oid));
    }
    return static_cast<const CommitNode*>(&nodes_.at(oid));
}

util::Result<bool> CommitGraph::has(const Oid& oid) {
    if (nodes_.contains(oid)) {
        return true;
    }
    RAILHUB_TRY(const CommitNode* const row, find_row(oid));
    if (row != nullptr) {
        return true;
    }
    RAILHUB_TRY(const auto header, source_.header(oid));
    return header && header->type == ObjectType::Commit && source_.is_staged(oid);
}

util::Result<Peeled> CommitGraph::peel(const Oid& oid) {
    Oid current = oid;
    for (int depth = 0; depth < kDeepestTag; ++depth) {
        if (nodes_.contains(current)) {
            return Peeled{current, ObjectType::Commit};
        }
        RAILHUB_TRY(const auto header, source_.header(current));
        if (!header) {
            return fail(Code::Corrupt, "object '" + current.hex() + "' is missing");
        }
        if (header->type != ObjectType::Tag) {
            return Peeled{current, header->type};
        }
        RAILHUB_TRY(const Object object, source_.read(current, ObjectType::Tag));
        RAILHUB_TRY(const Tag tag, parse_tag(current, object.text()));
        current = tag.target;
    }
    return fail(Code::InvalidInput, "tag '" + oid.hex() + "' is too deep");
}

util::Result<std::uint64_t> CommitGraph::reachable(const Oid& oid) {
    // Down the first parents to a counted one, then up again.
    std::vector<CommitNode*> chain;
    Oid current = oid;
    std::uint64_t count = 0;
    while (true) {
        RAILHUB_TRY(node(current));
        CommitNode& found = nodes_.at(current);
        if (found.reachable > 0) {
            count = found.reachable;
            break;
        }
        chain.push_back(&found);
        if (found.parents.empty()) {
            break;
        }
        current = found.parents.front();
    }
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
        CommitNode& commit = **it;
        ++count;
        if (commit.parents.size() > 1) {
            const std::vector<Oid> others(commit.parents.begin() + 1, commit.parents.end());
            RAILHUB_TRY(const auto more, difference(others, {commit.parents.front()}));
            count += more.size();
        }
        commit.reachable = count;
    }
    return count;
}

util::Result<bool> CommitGraph::is_ancestor(const Oid& ancestor, const Oid& of) {
    RAILHUB_TRY(const CommitNode* const goal, node(ancestor));
    RAILHUB_TRY(const CommitNode* const start, node(of));
    OidSet seen{start->oid};
    GenerationQueue queue;
    queue.push(start);
    while (!queue.empty()) {
        const CommitNode* const top = queue.top();
        queue.pop();
        if (top->oid == goal->oid) {
            return true;
        }
        if (top->generation <= goal->generation) {
            continue;
        }
        for (const Oid& oid : top->parents) {
            RAILHUB_TRY(const CommitNode* const parent, node(oid));
            if (seen.insert(oid).second) {
                queue.push(parent);
            }
        }
    }
    return false;
}

util::Result<std::vector<const CommitNode*>> CommitGraph::difference(
    const std::vector<Oid>& include, const std::vector<Oid>& exclude, const OidSet& grafts
) {
    std::unordered_map<Oid, bool, OidHash> wanted; // false = excluded
    GenerationQueue queue;
    std::size_t wanted_in_queue = 0;
    const auto visit = [&](const Oid& oid, bool is_wanted) -> util::Result<> {
        const auto [place, is_new] = wanted.emplace(oid, is_wanted);
        if (is_new) {
            RAILHUB_TRY(const CommitNode* const added, node(oid));
            queue.push(added);
            wanted_in_queue += is_wanted ? 1 : 0;
        } else if (place->second && !is_wanted) {
            // Still in the queue: it is visited only after all its children.
            place->second = false;
            --wanted_in_queue;
        }
        return {};
    };
    for (const Oid& oid : exclude) {
        RAILHUB_TRY(visit(oid, false));
    }
    for (const Oid& oid : include) {
        RAILHUB_TRY(visit(oid, true));
    }
    std::vector<const CommitNode*> result;
    while (wanted_in_queue > 0) {
        const CommitNode* const top = queue.top();
        queue.pop();
        const bool is_wanted = wanted.at(top->oid);
        if (is_wanted) {
            --wanted_in_queue;
            result.push_back(top);
            RAILHUB_TRY(source_.ctx().check_stop());
        }
        if (grafts.contains(top->oid)) {
            continue;
        }
        for (const Oid& parent : top->parents) {
            RAILHUB_TRY(visit(parent, is_wanted));
        }
    }
    return result;
}

util::Result<std::vector<const CommitNode*>>
CommitGraph::log(const Oid& from, std::uint64_t skip, std::size_t limit) {
    struct Queued {
        const CommitNode* node;
        std::uint64_t order;
    };

    const auto is_later = [](const Queued& a, const Queued& b) {
        return a.node->seconds != b.node->seconds ? a.node->seconds < b.node->seconds
                                                  : a.order > b.order;
    };
    std::priority_queue<Queued, std::vector<Queued>, decltype(is_later)> queue(is_later);
    OidSet seen{from};
    RAILHUB_TRY(const CommitNode* const start, node(from));
    std::uint64_t order = 0;
    queue.push({start, order++});
    std::vector<const CommitNode*> page;
    while (!queue.empty() && page.size() < limit) {
        const CommitNode* const top = queue.top().node;
        queue.pop();
        if (skip > 0) {
            --skip;
        } else {
            page.push_back(top);
        }
        for (const Oid& oid : top->parents) {
            if (seen.insert(oid).second) {
                RAILHUB_TRY(const CommitNode* const parent, node(oid));
                queue.push({parent, order++});
            }
        }
    }
    return page;
}

util::Result<const CommitNode*> CommitGraph::first_parent_fork(const Oid& a, const Oid& b) {
    RAILHUB_TRY(const CommitNode* left, node(a));
    RAILHUB_TRY(const CommitNode* right, node(b));
    while (left->oid != right->oid) {
        // The deeper one cannot be an ancestor of the other.
        const CommitNode*& deeper = left->generation >= right->generation ? left : right;
        if (deeper->parents.empty()) {
            return static_cast<const CommitNode*>(nullptr);
        }
        RAILHUB_TRY(deeper, node(deeper->parents.front()));
    }
    return left;
}

util::Result<std::string> CommitGraph::title(const Oid& oid) {
    const auto known = titles_.find(oid);
    if (known != titles_.end()) {
        return known->second;
    }
    RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectTitle));
    RAILHUB_TRY(const bool found, rows.bind(source_.repo(), oid.view()).step());
    std::string text;
    if (found) {
        text = rows.text(0);
    } else {
        RAILHUB_TRY(const Object object, source_.read(oid, ObjectType::Commit));
        RAILHUB_TRY(const Commit commit, parse_commit(oid, object.text()));
        text = short_title(commit.message);
    }
    return titles_.emplace(oid, std::move(text)).first->second;
}

util::Result<> CommitGraph::store(const Oid& oid) {
    RAILHUB_TRY(const CommitNode* const commit, node(oid));
    RAILHUB_TRY(const std::uint64_t count, reachable(oid));
    RAILHUB_TRY(const std::string text, title(oid));
    RAILHUB_TRY(auto insert, source_.tx().prepare(kInsertCommit));
    insert.bind(source_.repo(), oid.view(), commit->tree.view(), commit->seconds);
    insert.bind(commit->generation, count, join_oids(commit->parents), text);
    RAILHUB_TRY(insert.run());
    nodes_.at(oid).is_stored = true;
    return {};
}

util::Result<std::vector<Oid>> CommitGraph::stored_between(const Oid& first, const Oid& last) {
    RAILHUB_TRY(auto rows, source_.tx().prepare(kSelectCommitsBetween));
    rows.bind(source_.repo(), first.view(), last.view());
    std::vector<Oid> oids;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return oids;
        }
        oids.push_back(Oid::from(rows.blob(0)));
    }
}

} // namespace railhub::repo::detail
