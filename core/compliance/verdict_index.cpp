// SPDX-License-Identifier: Apache-2.0
// Goes through the graph from ancestors to what was made of them. On cycles, where there is no such
// order, sets grow until nothing changes, and each artifact is looked at by a walk of its own.
#include "core/compliance/verdict_index.h"

#include "core/util/assert.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <unordered_set>

namespace railhub::compliance {

namespace {

// A walk that is longer takes what the artifact looks like from below: no better a verdict.
constexpr std::size_t kMaxWalk = 100000;
constexpr std::size_t kStepBits = 15; // steps that are kept: what fits the processor's cache

std::size_t slot_of_step(std::uint64_t key) {
    return (key * 0x9E3779B97F4A7C15U) >> (64 - kStepBits);
}

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
    RAILHUB_ASSERT(!is_settled_);
    profile_.push_back(profiles_.intern(node, declared_name));
    return static_cast<Index>(profile_.size() - 1);
}

void VerdictIndex::link(Index from, Index to, Role role, Activity activity) {
    RAILHUB_ASSERT(!is_settled_ && from < size() && to < size());
    Lineage pair;
    pair.nodes.resize(2);
    pair.nodes[0].kind = profiles_.node(profile_[from]).kind;
    const Edge edge{0, 1, role, activity, {}};
    links_.push_back({from, to, packed(course_of(pair, edge))});
}

// Gives ranks to what `ready` leads to, as soon as all parents have theirs.
void VerdictIndex::rank_downwards(
    const Adjacency& children, std::vector<std::uint32_t>& open, std::vector<Index> ready
) {
    for (std::size_t next = 0; next < ready.size(); ++next) {
        const Index artifact = ready[next];
        rank_[artifact] = static_cast<Rank>(order_.size());
        order_.push_back(artifact);
        for (std::size_t i = children.starts[artifact]; i < children.starts[artifact + 1]; ++i) {
            if (--open[children.ends[i]] == 0) {
                ready.push_back(children.ends[i]);
            }
        }
    }
}

void VerdictIndex::order(const Adjacency& parents, const Adjacency& children) {
    constexpr Rank kNoRank = ~Rank{0};
    rank_.assign(size(), kNoRank);
    order_.reserve(size());
    std::vector<std::uint32_t> open(size()); // parents without a rank
    std::vector<Index> ready;
    for (Index i = 0; i < size(); ++i) {
        open[i] = static_cast<std::uint32_t>(parents.starts[i + 1] - parents.starts[i]);
        if (open[i] == 0) {
            ready.push_back(i);
        }
    }
    rank_downwards(children, open, std::move(ready));
    first_cyclic_ = end_cyclic_ = static_cast<Rank>(order_.size());
    if (order_.size() == size()) {
        return;
    }
    // What has no children left is below the cycles; the rest is on them or between.
    std::vector<std::uint32_t> below(size(), 0);
    std::vector<Index> ends;
    for (Index i = 0; i < size(); ++i) {
        below[i] = static_cast<std::uint32_t>(children.starts[i + 1] - children.starts[i]);
        if (rank_[i] == kNoRank && below[i] == 0) {
            ends.push_back(i);
        }
    }
    std::vector<bool> is_below(size(), false);
    for (std::size_t next = 0; next < ends.size(); ++next) {
        is_below[ends[next]] = true;
        const Index at = ends[next];
        for (std::size_t k = parents.starts[at]; k < parents.starts[at + 1]; ++k) {
            const Index parent = parents.ends[k];
            if (rank_[parent] == kNoRank && --below[parent] == 0) {
                ends.push_back(parent);
            }
        }
    }
    for (Index i = 0; i < size(); ++i) {
        if (rank_[i] == kNoRank && !is_below[i]) {
            rank_[i] = static_cast<Rank>(order_.size());
            order_.push_back(i);
        }
    }
    end_cyclic_ = static_cast<Rank>(order_.size());
    std::vector<Index> next;
    for (Rank at = first_cyclic_; at < end_cyclic_; ++at) {
        const Index artifact = order_[at];
        for (std::size_t k = children.starts[artifact]; k < children.starts[artifact + 1]; ++k) {
            const Index child = children.ends[k];
            if (is_below[child] && --open[child] == 0) {
                next.push_back(child);
            }
        }
    }
    rank_downwards(children, open, std::move(next));
    RAILHUB_ASSERT(order_.size() == size());
}

void VerdictIndex::lay_out_by_rank() {
    std::vector<ProfileId> by_rank(size());
    for (Rank rank = 0; rank < size(); ++rank) {
        by_rank[rank] = profile_[order_[rank]];
    }
    profile_ = std::move(by_rank);
    for (Link& link : links_) {
        link.from = rank_[link.from];
        link.to = rank_[link.to];
    }
    parents_.build(links_, size(), true);
    children_.build(links_, size(), false);
    links_ = {};
}

void VerdictIndex::settle() {
    RAILHUB_ASSERT(!is_settled_);
    {
        Adjacency parents;
        Adjacency children;
        parents.build(links_, size(), true);
        children.build(links_, size(), false);
        order(parents, children);
    }
    lay_out_by_rank();
    descent_.assign(size(), 0);
    verdict_.assign(size(), 0);
    steps_.resize(std::size_t{1} << kStepBits);
    marks_.resize(size());
    for (Rank rank = 0; rank < size(); ++rank) {
        marks_.set(rank);
    }
    Change all;
    renew_marked(all);
    is_settled_ = true;
}

bool VerdictIndex::Marks::set(Rank rank) {
    std::uint64_t& word = bits_[rank / 64];
    const std::uint64_t bit = std::uint64_t{1} << (rank % 64);
    const bool is_new = (word & bit) == 0;
    word |= bit;
    count_ += is_new ? 1 : 0;
    return is_new;
}

VerdictIndex::Rank VerdictIndex::Marks::take(Rank from, Rank limit) {
    while (count_ > 0 && from < limit) {
        const std::uint64_t word = bits_[from / 64] >> (from % 64);
        if (word == 0) {
            from = (from / 64 + 1) * 64;
            continue;
        }
        from += static_cast<Rank>(std::countr_zero(word));
        if (from >= limit) {
            break;
        }
        bits_[from / 64] &= ~(std::uint64_t{1} << (from % 64));
        --count_;
        return from;
    }
    return limit;
}

void VerdictIndex::mark_children(Rank rank) {
    for (std::size_t i = children_.starts[rank]; i < children_.starts[rank + 1]; ++i) {
        marks_.set(children_.ends[i]);
    }
}

DescentId VerdictIndex::descent_from_parents(Rank rank) {
    SetId set = Descents::kNobody;
    for (std::size_t i = parents_.starts[rank]; i < parents_.starts[rank + 1]; ++i) {
        set = descents_.unite(
            set, descents_.through(descent_[parents_.ends[i]], parents_.courses[i])
        );
    }
    return descents_.descent(profile_[rank], set);
}

// Most artifacts have one parent, and many of them are alike: what was worked out for the last of
// their kind is still at hand.
VerdictIndex::Step VerdictIndex::step_of(Rank rank) {
    const std::size_t first = parents_.starts[rank];
    Step step;
    Step* kept = nullptr;
    if (parents_.starts[rank + 1] - first == 1) {
        step.key = (std::uint64_t{profile_[rank]} << 40U) |
                   (std::uint64_t{descent_[parents_.ends[first]]} << 8U) | parents_.courses[first];
        kept = &steps_[slot_of_step(step.key)];
        if (kept->key == step.key) {
            return *kept;
        }
    }
    step.descent = descent_from_parents(rank);
    step.verdict = static_cast<std::uint8_t>(table_.verdict(step.descent));
    if (kept != nullptr) {
        *kept = step;
    }
    return step;
}

void VerdictIndex::take_verdict(Rank rank, std::uint8_t verdict, Change& change) {
    if (verdict_[rank] != verdict) {
        verdict_[rank] = verdict;
        change.changed.push_back(order_[rank]);
    }
}

void VerdictIndex::renew_simple(Rank begin, Rank end, Change& change) {
    for (Rank rank = marks_.take(begin, end); rank < end; rank = marks_.take(rank + 1, end)) {
        ++change.reached;
        const Step step = step_of(rank);
        if (step.descent == descent_[rank] && is_settled_) {
            continue;
        }
        descent_[rank] = step.descent;
        take_verdict(rank, step.verdict, change);
        mark_children(rank);
    }
}

// What is marked on cycles, and all there that it leads to.
std::vector<VerdictIndex::Rank> VerdictIndex::take_cyclic() {
    std::vector<Rank> found;
    for (Rank rank = marks_.take(first_cyclic_, end_cyclic_); rank < end_cyclic_;
         rank = marks_.take(rank + 1, end_cyclic_)) {
        found.push_back(rank);
    }
    std::unordered_set<Rank> known(found.begin(), found.end());
    for (std::size_t next = 0; next < found.size(); ++next) {
        const Rank at = found[next];
        for (std::size_t i = children_.starts[at]; i < children_.starts[at + 1]; ++i) {
            const Rank child = children_.ends[i];
            if (!is_cyclic(child)) {
                marks_.set(child);
            } else if (known.insert(child).second) {
                found.push_back(child);
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

void VerdictIndex::renew_cyclic(Change& change) {
    const std::vector<Rank> cyclic = take_cyclic();
    change.reached += cyclic.size();
    grow_cycles(cyclic);
    for (const Rank rank : cyclic) {
        take_verdict(rank, static_cast<std::uint8_t>(table_.verdict(walk(rank))), change);
    }
}

void VerdictIndex::renew_marked(Change& change) {
    renew_simple(0, first_cyclic_, change);
    renew_cyclic(change);
    renew_simple(end_cyclic_, static_cast<Rank>(size()), change);
}

void VerdictIndex::grow_cycles(const std::vector<Rank>& cyclic) {
    std::deque<Rank> waiting(cyclic.begin(), cyclic.end());
    std::unordered_set<Rank> waits(cyclic.begin(), cyclic.end());
    for (const Rank rank : cyclic) {
        descent_[rank] = descents_.descent(profile_[rank], Descents::kNobody);
    }
    while (!waiting.empty()) {
        const Rank rank = waiting.front();
        waiting.pop_front();
        waits.erase(rank);
        const DescentId descent = descent_from_parents(rank);
        if (descent == descent_[rank]) {
            continue;
        }
        descent_[rank] = descent;
        for (std::size_t i = children_.starts[rank]; i < children_.starts[rank + 1]; ++i) {
            const Rank child = children_.ends[i];
            if (is_cyclic(child) && waits.insert(child).second) {
                waiting.push_back(child);
            }
        }
    }
}

// What the artifact itself sees: paths that lead through it do not count.
DescentId VerdictIndex::walk(Rank rank) {
    std::unordered_set<std::uint64_t> seen;
    std::vector<std::pair<Rank, Course>> ways;
    std::vector<Forebear> forebears;
    const auto follow = [&](Rank from, const Course* before) {
        for (std::size_t i = parents_.starts[from]; i < parents_.starts[from + 1]; ++i) {
            const Rank to = parents_.ends[i];
            const Course step = unpacked(parents_.courses[i]);
            const Course course = before == nullptr ? step : join(*before, step);
            if (to != rank && seen.insert((std::uint64_t{to} << 8U) | packed(course)).second) {
                ways.emplace_back(to, course);
                forebears.push_back({profile_[to], packed(course)});
            }
        }
    };
    follow(rank, nullptr);
    for (std::size_t next = 0; next < ways.size(); ++next) {
        if (ways.size() > kMaxWalk) {
            return descent_[rank];
        }
        const auto [at, course] = ways[next]; // a copy: the list grows
        follow(at, &course);
    }
    return descents_.descent(profile_[rank], descents_.intern(std::move(forebears)));
}

VerdictIndex::Change VerdictIndex::relabel(Index artifact, std::vector<std::string> licenses) {
    RAILHUB_ASSERT(artifact < size() && is_settled_);
    const Rank rank = rank_[artifact];
    profile_[rank] = profiles_.relabelled(profile_[rank], std::move(licenses));
    marks_.set(rank);
    Change change;
    renew_marked(change);
    return change;
}

VerdictIndex::Figures VerdictIndex::figures() const {
    return {profiles_.size(), descents_.sets(), descents_.size(), table_.judged()};
}

} // namespace railhub::compliance
