// SPDX-License-Identifier: Apache-2.0
// Standing of claims by what their text calls a derivative, and what travels with the subject.
#include "core/compliance/claims.h"

#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"

#include <algorithm>
#include <array>

namespace railhub::compliance {

namespace {

using license::Reach;
using license::Record;
using Standing = Claim::Standing;

Reach reach_of(const Record& license, Treatment treatment) {
    switch (treatment) {
    case Treatment::Copy:
        return Reach::Named;
    case Treatment::Convert:
        return license.derivatives.conversion;
    case Treatment::Adapter:
        return license.derivatives.adapter;
    case Treatment::Modify:
        return license.derivatives.fine_tune;
    }
    return Reach::Unstated;
}

bool is_left_open(Reach reach) {
    return reach == Reach::Copyright || reach == Reach::Unstated;
}

Treatment treatment_with(const Use& use, Treatment treatment) {
    if (!use.modification) {
        return treatment;
    }
    return *use.modification == Use::Modification::Modified ? std::max(treatment, Treatment::Modify)
                                                            : Treatment::Copy;
}

// Work: by treatment, text and the two switches.
void settle_work(const Case& subject, Claim& claim) {
    claim.treatment = treatment_with(subject.use, claim.ancestor->trace.treatment);
    claim.stays_away =
        claim.ancestor->trace.part != Part::One && !subject.use.ships_weights.value_or(true);
    const Reach reach = reach_of(*claim.license, claim.treatment);
    claim.is_copy = claim.treatment == Treatment::Copy ||
                    (claim.treatment == Treatment::Convert && reach == Reach::No);
    claim.by_default = is_left_open(reach);
    if (claim.is_copy || !claim.by_default || claim.ancestor->trace.part != Part::One) {
        return;
    }
    if (subject.policy.derivative_default == Policy::DerivativeDefault::NotDerivative) {
        // A converted copy is a copy still.
        claim.is_copy = claim.treatment == Treatment::Convert;
        claim.standing = claim.is_copy ? Standing::Settled : Standing::NotDerivative;
        return;
    }
    if (claim.treatment == Treatment::Adapter && !subject.use.has_base_weights.value_or(false) &&
        subject.policy.adapter_default == Policy::AdapterDefault::FollowText) {
        claim.standing = Standing::Open;
    }
}

// Teachers: does the text make a model trained on outputs a derivative?
void settle_taught(const Case& subject, Claim& claim) {
    claim.treatment = Treatment::Modify;
    claim.is_copy = false;
    const license::Derivatives& text = claim.license->derivatives;
    const bool reaches = text.outputs == Reach::Named || text.outputs == Reach::Covered ||
                         text.outputs == Reach::Apart;
    if (is_publishing(subject, *claim.ancestor) || !reaches) {
        return;
    }
    if (rule::ban_severity(subject, claim) == report::Severity::Error) {
        claim.is_barred = true; // nothing that is carried could cure it
        return;
    }
    if (text.asks_similar_performance && !subject.use.is_similar.value_or(true)) {
        claim.standing = Standing::Open;
        return;
    }
    claim.through_outputs = true;
}

// Labels that R1 leaves to a person are not judged any further.
bool is_judged(const Case& subject, const Node& node, const Record& license) {
    if (node.resolution != Resolution::Resolved || rule::contradicts(subject, node)) {
        return false;
    }
    return license.reading != license::Reading::SecondarySources ||
           subject.policy.unread_record == Policy::UnreadRecord::Accept;
}

} // namespace

std::vector<Claim> claims_of(const Case& subject) {
    std::vector<Claim> claims;
    for (const Ancestor& ancestor : subject.ancestors) {
        if (ancestor.trace.way == Way::Remote) {
            continue;
        }
        const Node& node = subject.lineage.nodes[ancestor.node];
        for (const Record* license : licenses_of(node, subject.knowledge)) {
            Claim claim;
            claim.ancestor = &ancestor;
            claim.license = license;
            claim.judged = is_judged(subject, node, *license);
            if (ancestor.trace.way == Way::Work) {
                settle_work(subject, claim);
            } else if (ancestor.trace.way == Way::Taught) {
                settle_taught(subject, claim);
            }
            claims.push_back(claim);
        }
    }
    return claims;
}

bool binds(const Claim& claim) {
    return claim.judged && claim.standing == Standing::Settled &&
           (claim.ancestor->trace.way == Way::Work || claim.through_outputs);
}

const Node& subject_of(const Case& subject) {
    return subject.lineage.nodes.front();
}

const Node& node_of(const Case& subject, const Claim& claim) {
    return subject.lineage.nodes[claim.ancestor->node];
}

LabelState label_state(const Case& subject) {
    const std::vector<Label> labels = labels_of(subject_of(subject), subject.knowledge);
    LabelState state = LabelState::Stated;
    for (const Label& label : labels) {
        if (label.record == nullptr || label.record->id == "other") {
            state = LabelState::Own;
        } else if (label.record->id == "no-license") {
            return LabelState::None;
        } else if (!label.record->is_license()) {
            return LabelState::Unresolved;
        }
    }
    return state;
}

bool is_shared(const Use& use) {
    return use.delivery != Use::Delivery::Internal;
}

bool copies_leave(const Use& use) {
    return use.delivery == Use::Delivery::Distribute;
}

bool is_commercial(const Use& use) {
    return use.purpose == Use::Purpose::Commercial;
}

bool is_publishing(const Case& subject, const Ancestor& ancestor) {
    return ancestor.trace.way == Way::Taught && subject_of(subject).kind == ArtifactKind::Dataset;
}

bool same_label(const Case& subject, const Claim& claim) {
    return is_labelled(subject_of(subject), *claim.license, subject.knowledge);
}

bool has_exact_label(const Case& subject, const Claim& claim) {
    const auto labels = licenses_of(subject_of(subject), subject.knowledge);
    return std::find(labels.begin(), labels.end(), claim.license) != labels.end();
}

bool is_comparable(const Case& subject) {
    return is_shared(subject.use) && label_state(subject) != LabelState::Unresolved;
}

bool carries(const Case& subject, std::string_view kind, const Record& license) {
    const std::vector<Carried>& all = subject_of(subject).carries;
    return std::any_of(all.begin(), all.end(), [&](const Carried& carried) {
        const std::string_view text = carried;
        return text.starts_with(kind) &&
               subject.knowledge.find(text.substr(kind.size())) == &license;
    });
}

bool carries(const Case& subject, std::string_view what) {
    const std::vector<Carried>& all = subject_of(subject).carries;
    return std::find(all.begin(), all.end(), what) != all.end();
}

bool carries_any(const Case& subject, std::string_view prefix) {
    const std::vector<Carried>& all = subject_of(subject).carries;
    return std::any_of(all.begin(), all.end(), [prefix](const Carried& carried) {
        return std::string_view(carried).starts_with(prefix);
    });
}

std::optional<std::vector<license::Uncovered>>
missing_restrictions(const Case& subject, const Record& license, license::Cover cover) {
    const license::RestrictionSet* required =
        subject.knowledge.restriction_set(license.restriction_set);
    if (required == nullptr) {
        const license::Term* limit = license.limit("use-restrictions");
        if (limit == nullptr || carries(subject, "use-restrictions:" + limit->detail)) {
            return std::vector<license::Uncovered>();
        }
        return std::nullopt;
    }
    const std::vector<license::Restriction> carried =
        restrictions_of(subject_of(subject), subject.knowledge);
    return license::uncovered(subject.knowledge.taxonomy(), *required, carried, cover);
}

Commerce label_commerce(const Case& subject, const Record& withholding) {
    Commerce worst = Commerce::No;
    for (const Label& label : labels_of(subject_of(subject), subject.knowledge)) {
        if (label.record == nullptr || label.record->id == "other") {
            const bool keeps_terms = carries(subject, "license-text:", withholding);
            worst = std::max(worst, keeps_terms ? Commerce::No : Commerce::Unknown);
            continue;
        }
        const license::Grant grant = label.record->grant("commercial-use");
        const bool allows = label.record->withholds_commerce() == nullptr &&
                            (grant == license::Grant::Yes || grant == license::Grant::Conditional);
        if (label.record->is_license() && allows) {
            worst = Commerce::Yes;
        }
    }
    return worst;
}

const license::Term* whole_share_alike(const Record& license) {
    constexpr std::array<std::string_view, 5> kScopes = {
        "whole-work", "work", "model", "data", "database"};
    const license::Term* same = license.obligation("same-license");
    const bool whole =
        same != nullptr && std::find(kScopes.begin(), kScopes.end(), same->detail) != kScopes.end();
    return whole ? same : nullptr;
}

bool reaches_parts(const Claim& claim) {
    const license::Term* same = whole_share_alike(*claim.license);
    return same != nullptr &&
           (same->detail == "whole-work" ||
            (same->detail == "work" && claim.ancestor->trace.part == Part::Linked));
}

bool fits_as_part(const Case& subject, const Claim& claim) {
    const license::CompatibilitySource* known = subject.knowledge.compatibility("known-pairs");
    const std::vector<const Record*> labels = licenses_of(subject_of(subject), subject.knowledge);
    return claim.ancestor->trace.part != Part::One && known != nullptr && !labels.empty() &&
           label_state(subject) == LabelState::Stated &&
           std::all_of(labels.begin(), labels.end(), [&](const Record* label) {
               const license::PairAnswer* answer = known->answer(claim.license->id, label->id);
               return label == claim.license ||
                      (answer != nullptr && answer->fit == license::Fit::Yes);
           });
}

bool sublicenses_freely(const Record& license) {
    constexpr std::array<std::string_view, 3> kHarmless = {
        "include-license", "retain-notices", "no-endorsement"};
    if (license.family == "public-domain") {
        return true;
    }
    return license.grant("sublicense") == license::Grant::Yes &&
           std::all_of(
               license.obligations.begin(),
               license.obligations.end(),
               [&kHarmless](const license::Term& term) {
                   return term.is_only_when("above-threshold") ||
                          std::find(kHarmless.begin(), kHarmless.end(), term.term) !=
                              kHarmless.end();
               }
           );
}

} // namespace railhub::compliance
