// SPDX-License-Identifier: Apache-2.0
// Judges sets of one, and of two that may meet, by the rules themselves; the rest follows.
#include "core/compliance/verdict_table.h"

#include "core/compliance/choices.h"
#include "core/compliance/labels.h"

#include <algorithm>

namespace railhub::compliance {

namespace {

using report::Verdict;

constexpr std::uint8_t kUnknown = 0xFF;

// The artifacts as a star around the subject, with the traces they have.
struct Star {
    Lineage lineage;
    std::vector<Ancestor> ancestors;
};

void add_to(Star& star, const Node& node, const Trace& trace) {
    const std::size_t index = star.lineage.nodes.size();
    Ancestor ancestor;
    ancestor.node = index;
    ancestor.trace = trace;
    ancestor.edge = ancestor.first_edge = star.lineage.edges.size();
    star.ancestors.push_back(ancestor);
    star.lineage.nodes.push_back(node);
    star.lineage.nodes.back().id = "forebear " + std::to_string(index) + " " + node.id;
    star.lineage.edges.push_back({0, index, Role::BaseModel, Activity::Finetune, {}});
}

} // namespace

VerdictTable::VerdictTable(
    const license::Catalogue& knowledge,
    const Use& use,
    const Policy& policy,
    const Profiles& profiles,
    Descents& descents
)
    : knowledge_(knowledge), use_(use), policy_(policy), profiles_(profiles), descents_(descents) {
    for (const std::string& id : knowledge.compatibility_ids()) {
        const bool is_built_in = id == "known-pairs";
        const bool counts = policy.compatibility == Policy::Compatibility::Both ||
                            is_built_in == (policy.compatibility == Policy::Compatibility::BuiltIn);
        if (counts) {
            sources_.push_back(knowledge.compatibility(id));
        }
    }
}

Verdict VerdictTable::verdict(DescentId id) {
    if (id >= verdicts_.size()) {
        verdicts_.resize(descents_.size() + descents_.size() / 2, kUnknown);
    }
    if (verdicts_[id] == kUnknown) {
        const Verdict found = work_out(id); // asks for other descents, so the table may grow
        verdicts_[id] = static_cast<std::uint8_t>(found);
    }
    return static_cast<Verdict>(verdicts_[id]);
}

const VerdictTable::Traits& VerdictTable::traits_of(ProfileId id) {
    for (auto next = static_cast<ProfileId>(traits_.size()); next <= id; ++next) {
        const Node& node = profiles_.node(next);
        Traits traits;
        traits.licenses = licenses_of(node, knowledge_);
        const std::vector<LabelWay> ways = ways_to_choose(node, knowledge_);
        traits.leaves_choice = ways.size() != 1 || ways.front() != node.licenses;
        for (const license::Record* license : traits.licenses) {
            traits.bars_training |= license->limit("training-ban") != nullptr;
            traits.names |= license->obligation("name-prefix") != nullptr;
        }
        traits_.push_back(std::move(traits));
    }
    return traits_[id];
}

bool VerdictTable::is_known_pair(ProfileId a, ProfileId b) {
    const std::uint64_t key = (std::uint64_t{a} << 32U) | b;
    if (const std::uint32_t known = known_pairs_.find(key); known != IdMap::kNone) {
        return known != 0;
    }
    const std::vector<const license::Record*>& ones = traits_[a].licenses;
    const std::vector<const license::Record*>& others = traits_[b].licenses;
    const bool is_known = std::any_of(sources_.begin(), sources_.end(), [&](const auto* source) {
        return std::any_of(ones.begin(), ones.end(), [&](const auto* one) {
            return std::any_of(others.begin(), others.end(), [&](const auto* other) {
                return source->answer(one->id, other->id) != nullptr ||
                       source->answer(other->id, one->id) != nullptr;
            });
        });
    });
    known_pairs_.insert(key, is_known ? 1 : 0);
    return is_known;
}

bool VerdictTable::may_meet(std::uint64_t a, std::uint64_t b) {
    const Forebear one = Forebear::from(a);
    const Forebear other = Forebear::from(b);
    traits_of(std::max(one.profile, other.profile)); // the table does not grow from here
    const Traits& first = traits_of(one.profile);
    const Traits& second = traits_of(other.profile);
    const Trace near = trace_of(unpacked(one.course));
    const Trace far = trace_of(unpacked(other.course));
    const bool both_work = near.way == Way::Work && far.way == Way::Work;
    const bool teaches = (near.way == Way::Taught && first.bars_training) ||
                         (far.way == Way::Taught && second.bars_training);
    const bool merges = near.is_merged && far.is_merged;
    return teaches || merges || (first.names && second.names) ||
           (both_work && one.profile != other.profile && is_known_pair(one.profile, other.profile));
}

Verdict VerdictTable::work_out(DescentId id) {
    const ProfileId profile = descents_.profile_of(id);
    const SetId set = descents_.set_of(id);
    const auto forebears = descents_.forebears(set);
    const bool leaves_choice =
        std::any_of(forebears.begin(), forebears.end(), [this](std::uint64_t key) {
            return traits_of(Forebear::from(key).profile).leaves_choice;
        });
    if (forebears.size() == 1) {
        return single(profile, forebears.front());
    }
    const bool is_part =
        forebears.empty() || (forebears.size() == 2 && may_meet(forebears[0], forebears[1]));
    return is_part || leaves_choice ? judge(profile, {forebears.begin(), forebears.end()})
                                    : worst_of_parts(profile, set);
}

Verdict VerdictTable::single(ProfileId profile, std::uint64_t forebear) {
    const std::uint64_t key = (std::uint64_t{profile} << 40U) | forebear;
    if (const std::uint32_t known = singles_.find(key); known != IdMap::kNone) {
        return static_cast<Verdict>(known);
    }
    const Verdict found = judge(profile, {forebear});
    singles_.insert(key, static_cast<std::uint32_t>(found));
    return found;
}

Verdict VerdictTable::worst_of_parts(ProfileId profile, SetId set) {
    Verdict worst = Verdict::Ok;
    const std::size_t count = descents_.forebears(set).size();
    for (std::size_t i = 0; i < count && worst != Verdict::Conflict; ++i) {
        worst = std::max(worst, single(profile, descents_.forebears(set)[i]));
    }
    for (std::size_t i = 1; i < count && worst != Verdict::Conflict; ++i) {
        for (std::size_t k = 0; k < i && worst != Verdict::Conflict; ++k) {
            const std::uint64_t one = descents_.forebears(set)[k]; // asking may move the sets
            const std::uint64_t other = descents_.forebears(set)[i];
            if (may_meet(one, other)) {
                const SetId pair = descents_.intern({Forebear::from(one), Forebear::from(other)});
                worst = std::max(worst, verdict(descents_.descent(profile, pair)));
            }
        }
    }
    return worst;
}

Verdict VerdictTable::judge(ProfileId profile, const std::vector<std::uint64_t>& forebears) {
    ++judged_;
    Star star;
    star.lineage.nodes.push_back(profiles_.node(profile));
    star.lineage.nodes.front().id = "subject";
    for (const std::uint64_t key : forebears) {
        const Forebear forebear = Forebear::from(key);
        add_to(star, profiles_.node(forebear.profile), trace_of(unpacked(forebear.course)));
    }
    Use use = use_;
    use.declared_name = profiles_.declared_name(profile);
    return verdict_of(star.lineage, star.ancestors, use, policy_, knowledge_);
}

} // namespace railhub::compliance
