// SPDX-License-Identifier: Apache-2.0
// Goes through the graph from ancestors to what was made of them. On cycles, where there is no such
// order, sets grow until nothing changes, and each artifact is looked at by a walk of its own.
#include "core/compliance/verdict_index.h"

#include "core/util/assert.h"

#include <algorithm>
#include <deque>
#include <unordered_set>

namespace railhub::compliance {

namespace {

// A walk that is longer takes what the artifact looks like from below: no better a verdict.
constexpr std::size_t kMaxWalk = 100000;

} // namespace

void VerdictIndex::Adjacency::build(
    const std::vector<Link>& links, std::size_t artifacts, bool by_origin
) {
    starts.assign(artifacts + 1, 0);
    for (const Link& link : links) {
        ++starts[(by_origin ? link.from : link.to) + 1];
    }
    for (std::size_t i = 0; i < artifacts; ++i) {
        starts[i + 1] += starts[i];
    }
    ends.resize(links.size());
    courses.resize(links.size());
    std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
    for (const Link& link : links) {
        const std::size_t at = next[by_origin ? link.from : link.to]++;
        ends[at] = by_origin ? link.to : link.from;
        courses[at] = link.course;
    }
}

VerdictIndex::VerdictIndex(
    const license::Catalogue& knowledge, const Use& use, const Policy& policy
)
    : profiles_(knowledge), table_(knowledge, use, policy, profiles_, descents_) {}

void VerdictIndex::reserve(std::size_t artifacts, std::size_t edges) {
    profile_.reserve(artifacts);
    links_.reserve(edges);
}

VerdictIndex::Index VerdictIndex::add(const Node& node, const std::string& declared_name) {
    profile_.push_back(profiles_.intern(node, declared_name));
    return static_cast<Index>(profile_.size() - 1);
}

void VerdictIndex::link(Index from, Index to, Role role, Activity activity) {
    RAILHUB_ASSERT(from < size() && to < size());
    Lineage pair;
    pair.nodes.resize(2);
    pair.nodes[0].kind = profiles_.node(profile_[from]).kind;
    const Edge edge{0, 1, role, activity, {}};
    links_.push_back({from, to, packed(course_of(pair, edge))});
}

// Gives ranks to what `ready` leads to, as soon as all parents have theirs.
void VerdictIndex::rank_downwards(std::vector<std::uint32_t>& open, std::vector<Index> ready) {
    for (std::size_t next = 0; next < ready.size(); ++next) {
        const Index artifact = ready[next];
        rank_[artifact] = static_cast<std::uint32_t>(order_.size());
        order_.push_back(artifact);
        for (std::size_t i = children_.starts[artifact]; i < children_.starts[artifact + 1]; ++i) {
            if (--open[children_.ends[i]] == 0) {
                ready.push_back(children_.ends[i]);
            }
        }
    }
}

void VerdictIndex::order() {
    constexpr std::uint32_t kNoRank = ~std::uint32_t{0};
    rank_.assign(size(), kNoRank);
    order_.clear();
    order_.reserve(size());
    std::vector<std::uint32_t> open(size()); // parents without a rank
    std::vector<Index> ready;
    for (Index i = 0; i < size(); ++i) {
        open[i] = static_cast<std::uint32_t>(parents_.starts[i + 1] - parents_.starts[i]);
        if (open[i] == 0) {
            ready.push_back(i);
        }
    }
    rank_downwards(open, std::move(ready));
    first_cyclic_ = end_cyclic_ = static_cast<std::uint32_t>(order_.size());
    if (order_.size() == size()) {
        return;
    }
    // What has no children left is below the cycles; the rest is on them or between.
    std::vector<std::uint32_t> below(size(), 0);
    std::vector<Index> ends;
    for (Index i = 0; i < size(); ++i) {
        below[i] = static_cast<std::uint32_t>(children_.starts[i + 1] - children_.starts[i]);
        if (rank_[i] == kNoRank && below[i] == 0) {
            ends.push_back(i);
        }
    }
    std::vector<bool> is_below(size(), false);
    for (std::size_t next = 0; next < ends.size(); ++next) {
        is_below[ends[next]] = true;
        const Index at = ends[next];
        for (std::size_t k = parents_.starts[at]; k < parents_.starts[at + 1]; ++k) {
            const Index parent = parents_.ends[k];
            if (rank_[parent] == kNoRank && --below[parent] == 0) {
                ends.push_back(parent);
            }
        }
    }
    for (Index i = 0; i < size(); ++i) {
        if (rank_[i] == kNoRank && !is_below[i]) {
            rank_[i] = static_cast<std::uint32_t>(order_.size());
            order_.push_back(i);
        }
    }
    end_cyclic_ = static_cast<std::uint32_t>(order_.size());
    std::vector<Index> next;
    for (std::uint32_t at = first_cyclic_; at < end_cyclic_; ++at) {
        const Index artifact = order_[at];
        for (std::size_t k = children_.starts[artifact]; k < children_.starts[artifact + 1]; ++k) {
            const Index child = children_.ends[k];
            if (is_below[child] && --open[child] == 0) {
                next.push_back(child);
            }
        }
    }
    rank_downwards(open, std::move(next));
    RAILHUB_ASSERT(order_.size() == size());
}

void VerdictIndex::settle() {
    parents_.build(links_, size(), true);
    children_.build(links_, size(), false);
    links_ = {};
    order();
    descent_.assign(size(), 0);
    verdict_.assign(size(), 0);
    round_ = 1;
    reached_.assign(size(), round_);
    Change all;
    renew(order_, all);
}

DescentId VerdictIndex::descent_from_parents(Index artifact) {
    SetId set = Descents::kNobody;
    for (std::size_t i = parents_.starts[artifact]; i < parents_.starts[artifact + 1]; ++i) {
        set = descents_.unite(
            set, descents_.through(descent_[parents_.ends[i]], parents_.courses[i])
        );
    }
    return descents_.descent(profile_[artifact], set);
}

void VerdictIndex::take_verdict(Index artifact, DescentId descent, Change& change) {
    const auto verdict = static_cast<std::uint8_t>(table_.verdict(descent));
    if (verdict_[artifact] != verdict) {
        verdict_[artifact] = verdict;
        change.changed.push_back(artifact);
    }
}

// Of these, by rank, those whose parents or labels are others now.
void VerdictIndex::renew(const std::vector<Index>& in_order, Change& change) {
    const auto rank_below = [this](Index artifact, std::uint32_t limit) {
        return rank_[artifact] < limit;
    };
    const auto cyclic =
        std::lower_bound(in_order.begin(), in_order.end(), first_cyclic_, rank_below);
    const auto after = std::lower_bound(cyclic, in_order.end(), end_cyclic_, rank_below);
    const auto renew_simple = [&](auto begin, auto end) {
        for (auto at = begin; at != end; ++at) {
            const DescentId descent = descent_from_parents(*at);
            if (descent != descent_[*at] || round_ == 1) {
                descent_[*at] = descent;
                take_verdict(*at, descent, change);
            }
        }
    };
    renew_simple(in_order.begin(), cyclic);
    renew_cycles({cyclic, after});
    for (auto at = cyclic; at != after; ++at) {
        take_verdict(*at, walk(*at), change);
    }
    renew_simple(after, in_order.end());
}

void VerdictIndex::renew_cycles(const std::vector<Index>& cyclic) {
    std::deque<Index> waiting(cyclic.begin(), cyclic.end());
    std::unordered_set<Index> waits(cyclic.begin(), cyclic.end());
    for (const Index artifact : cyclic) {
        descent_[artifact] = descents_.descent(profile_[artifact], Descents::kNobody);
    }
    while (!waiting.empty()) {
        const Index artifact = waiting.front();
        waiting.pop_front();
        waits.erase(artifact);
        const DescentId descent = descent_from_parents(artifact);
        if (descent == descent_[artifact]) {
            continue;
        }
        descent_[artifact] = descent;
        for (std::size_t i = children_.starts[artifact]; i < children_.starts[artifact + 1]; ++i) {
            const Index child = children_.ends[i];
            if (is_cyclic(child) && waits.insert(child).second) {
                waiting.push_back(child);
            }
        }
    }
}

// What the artifact itself sees: paths that lead through it do not count.
DescentId VerdictIndex::walk(Index artifact) {
    std::unordered_set<std::uint64_t> seen;
    std::vector<std::pair<Index, Course>> ways;
    std::vector<Forebear> forebears;
    const auto follow = [&](Index from, const Course* before) {
        for (std::size_t i = parents_.starts[from]; i < parents_.starts[from + 1]; ++i) {
            const Index to = parents_.ends[i];
            const Course step = unpacked(parents_.courses[i]);
            const Course course = before == nullptr ? step : join(*before, step);
            if (to != artifact && seen.insert((std::uint64_t{to} << 8U) | packed(course)).second) {
                ways.emplace_back(to, course);
                forebears.push_back({profile_[to], packed(course)});
            }
        }
    };
    follow(artifact, nullptr);
    for (std::size_t next = 0; next < ways.size(); ++next) {
        if (ways.size() > kMaxWalk) {
            return descent_[artifact];
        }
        const auto [at, course] = ways[next]; // a copy: the list grows
        follow(at, &course);
    }
    return descents_.descent(profile_[artifact], descents_.intern(std::move(forebears)));
}

std::vector<VerdictIndex::Index> VerdictIndex::reached_from(Index artifact) {
    std::vector<Index> reached = {artifact};
    reached_[artifact] = round_;
    for (std::size_t next = 0; next < reached.size(); ++next) {
        const Index at = reached[next];
        for (std::size_t i = children_.starts[at]; i < children_.starts[at + 1]; ++i) {
            if (reached_[children_.ends[i]] != round_) {
                reached_[children_.ends[i]] = round_;
                reached.push_back(children_.ends[i]);
            }
        }
    }
    // Ranks first: sorting by a key that lies elsewhere misses the cache at every step.
    for (Index& at : reached) {
        at = rank_[at];
    }
    std::sort(reached.begin(), reached.end());
    for (Index& at : reached) {
        at = order_[at];
    }
    return reached;
}

VerdictIndex::Change VerdictIndex::relabel(Index artifact, std::vector<std::string> licenses) {
    RAILHUB_ASSERT(artifact < size() && round_ > 0); // settled
    profile_[artifact] = profiles_.relabelled(profile_[artifact], std::move(licenses));
    ++round_;
    Change change;
    const std::vector<Index> reached = reached_from(artifact);
    change.reached = reached.size();
    renew(reached, change);
    return change;
}

VerdictIndex::Figures VerdictIndex::figures() const {
    return {profiles_.size(), descents_.sets(), descents_.size(), table_.judged()};
}

} // namespace railhub::compliance
