// SPDX-License-Identifier: Apache-2.0
// Tries labels one by one; gathers clauses and credits from claims.
#include "core/compliance/suggest.h"

#include "core/compliance/claims.h"
#include "core/compliance/obligations.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace railhub::compliance {

namespace {

using license::Record;
using report::Verdict;

// How much a license withholds: limits that bind whoever receives the work.
std::size_t strictness(const Record& record) {
    std::size_t weight = 0;
    for (const std::string_view limit : {"non-commercial", "research-only", "no-derivatives"}) {
        weight += record.limit(limit) != nullptr ? 1000 : 0;
    }
    weight += record.restriction_set.empty() ? 0 : 100;
    weight += record.obligation("same-license") != nullptr ? 50 : 0;
    return weight + record.obligations.size() + record.limits.size();
}

bool fits_kind(const Record& record, ArtifactKind kind) {
    const std::string_view wanted = kind == ArtifactKind::Dataset ? "data"
                                    : kind == ArtifactKind::Code  ? "code"
                                                                  : "model";
    return std::any_of(record.applies_to.begin(), record.applies_to.end(), [&](const auto& what) {
        return what == wanted || what == "any";
    });
}

struct Situation {
    const Lineage& lineage;
    const std::vector<Ancestor> upstream;
    Case subject;

    Situation(
        const Lineage& the_lineage,
        const Use& use,
        const Policy& policy,
        const license::Catalogue& knowledge
    )
        : lineage(the_lineage),
          upstream(ancestors(the_lineage)), subject{lineage, upstream, use, policy, knowledge, {}} {
        subject.claims = claims_of(subject);
    }
};

// Texts and sets of every license that reaches what is shared.
std::vector<Carried> all_carried(const Case& subject) {
    std::set<Carried> carried;
    for (const Claim& claim : subject.claims) {
        if (!binds(claim)) {
            continue;
        }
        if (claim.license->obligation("include-license") != nullptr) {
            carried.insert("license-text:" + claim.license->id);
        }
        if (claim.license->obligation("notice-file") != nullptr) {
            carried.insert("notice-file:" + claim.license->id);
        }
        if (!claim.license->restriction_set.empty()) {
            carried.insert("use-restrictions:" + claim.license->restriction_set);
        }
    }
    return {carried.begin(), carried.end()};
}

std::optional<Suggestion>
attempt(Lineage lineage, const Case& asked, const Record& record, std::vector<Carried> carries) {
    Node& root = lineage.nodes.front();
    root.licenses = {record.id};
    root.license_name.clear();
    root.expression.clear();
    // With another license goes the text that disagreed with the label before.
    root.prose_license.clear();
    root.prose_where.clear();
    root.carries = carries;
    report::Report report = evaluate(lineage, asked.use, asked.policy, asked.knowledge);
    if (report.verdict() > Verdict::OkWithObligations) {
        return std::nullopt;
    }
    return Suggestion{record.id, record.name, std::move(carries), std::move(report)};
}

// Restrictions that are written in the terms of the subject, and stay there under another label.
std::vector<Carried> with_written(std::vector<Carried> carries, const Node& root) {
    for (const Carried& carried : root.carries) {
        if (carried.starts_with("use-restriction:")) {
            carries.push_back(carried);
        }
    }
    return carries;
}

} // namespace

std::vector<Suggestion> suggest(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
) {
    const Situation situation(lineage, use, policy, knowledge);
    const std::vector<Carried> carried = all_carried(situation.subject);
    std::vector<Carried> texts;
    std::copy_if(carried.begin(), carried.end(), std::back_inserter(texts), [](const auto& item) {
        return item.starts_with("license-text:") || item.starts_with("notice-file:");
    });
    const std::vector<Carried> written = with_written(texts, lineage.nodes.front());
    std::vector<Suggestion> found;
    for (const Record& record : knowledge.records()) {
        if (!record.is_license() || record.reading == license::Reading::SecondarySources ||
            !fits_kind(record, lineage.nodes.front().kind)) {
            continue;
        }
        auto suggestion = attempt(lineage, situation.subject, record, texts);
        if (!suggestion && written.size() > texts.size()) {
            suggestion = attempt(lineage, situation.subject, record, written);
        }
        if (suggestion) {
            found.push_back(std::move(*suggestion));
        }
    }
    std::stable_sort(found.begin(), found.end(), [&](const Suggestion& a, const Suggestion& b) {
        return strictness(*knowledge.find(a.id)) < strictness(*knowledge.find(b.id));
    });
    if (const Record* own = knowledge.find("other")) {
        if (auto suggestion = attempt(lineage, situation.subject, *own, carried)) {
            found.push_back(std::move(*suggestion));
        }
    }
    return found;
}

std::vector<ClauseToCarry> clauses_to_carry(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
) {
    const Situation situation(lineage, use, policy, knowledge);
    std::vector<ClauseToCarry> clauses;
    Once once;
    for (const Claim& claim : situation.subject.claims) {
        const Record& record = *claim.license;
        const license::RestrictionSet* set = knowledge.restriction_set(record.restriction_set);
        const bool flows =
            binds(claim) && record.flow_down() != license::FlowDown::None && leaves(use, record);
        if (!flows || set == nullptr || !once(record.id)) {
            continue;
        }
        for (const license::Clause& clause : set->clauses) {
            for (const license::Restriction& restriction : clause.restrictions) {
                clauses.push_back(
                    {record.id,
                     set->id,
                     clause.section,
                     restriction.id,
                     restriction.variant,
                     std::string(knowledge.taxonomy().definition(restriction.id))}
                );
            }
        }
    }
    return clauses;
}

std::string notice_text(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
) {
    const Situation situation(lineage, use, policy, knowledge);
    std::string text = "NOTICE\n\n" + lineage.nodes.front().id + " contains or was made from:\n";
    Once once;
    std::set<std::string> phrases;
    for (const Claim& claim : situation.subject.claims) {
        const Node& node = node_of(situation.subject, claim);
        const bool credits = claim.ancestor->trace.way == Way::Trained
                                 ? claim.license->obligation("attribution") != nullptr
                                 : binds(claim);
        if (credits && once(node.id + claim.license->id)) {
            text += "\n- " + node.id + (node.revision.empty() ? "" : " at " + node.revision) +
                    "\n  under " + claim.license->name +
                    (claim.license->spdx.empty() ? "" : " (" + claim.license->spdx + ")") + "\n";
            if (claim.ancestor->trace.way == Way::Work && !claim.is_copy) {
                text += "  changed: " +
                        std::string(activity_word(lineage.edges[claim.ancestor->edge].activity)) +
                        "\n";
            }
        }
        const license::Term* phrase = claim.license->obligation("display-built-with");
        if (phrase != nullptr && is_due(situation.subject, claim, *phrase)) {
            phrases.insert(phrase->detail.substr(0, phrase->detail.find('|')));
        }
    }
    for (const std::string& phrase : phrases) {
        text += "\n" + phrase + "\n";
    }
    return text;
}

} // namespace railhub::compliance
