// SPDX-License-Identifier: Apache-2.0
// A table from terms to the deliveries that make them due.
#include "core/compliance/obligations.h"

#include "core/compliance/rules/all.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::compliance {

namespace {

using Delivery = Use::Delivery;
using license::Term;

// When an obligation is due. Leaving: copies leave, or hosting counts as that. Remote: others use
// it, whether or not that counts as leaving. Named: a changed model is given away under a name.
// Any: even if nothing leaves.
enum class Due : std::uint8_t { Leaving, LeavingModified, Remote, Named, Any };

struct DueRow {
    std::string_view term;
    Due due;
};

// Terms without a row are due when copies leave.
constexpr std::array kDue = {
    DueRow{"state-changes", Due::LeavingModified},
    DueRow{"same-license", Due::LeavingModified},
    DueRow{"derivative-disclaimer", Due::LeavingModified},
    DueRow{"impact-report", Due::LeavingModified},
    DueRow{"network-disclose", Due::Remote},
    DueRow{"require-users-comply", Due::Remote},
    DueRow{"name-prefix", Due::Named},
    DueRow{"display-built-with", Due::Remote},
    DueRow{"no-endorsement", Due::Remote},
    DueRow{"content-filter", Due::Remote},
    DueRow{"use-latest-version", Due::Any},
    DueRow{"follow-updated-policy", Due::Any},
    DueRow{"register", Due::Any},
    DueRow{"publication-ack", Due::Any},
    DueRow{"output-disclosure", Due::Any},
    DueRow{"output-notice", Due::Any},
    DueRow{"preserve-provenance", Due::Any},
    DueRow{"indemnify", Due::Any},
};

// Limits that bind whoever uses the work, shared or not.
constexpr std::array<std::string_view, 4> kBindingLimits = {
    "use-restrictions", "non-commercial", "research-only", "no-derivatives"};

Due due_of(std::string_view term) {
    const auto row =
        std::find_if(kDue.begin(), kDue.end(), [term](const DueRow& r) { return r.term == term; });
    return row == kDue.end() ? Due::Leaving : row->due;
}

bool counts_as_leaving(const Case& subject, const Claim& claim) {
    if (subject.use.delivery == Delivery::Serve && !claim.is_copy &&
        claim.license->obligation("network-disclose") != nullptr) {
        return true;
    }
    const bool parts_stay =
        claim.ancestor->trace.part != Part::One && !subject.use.ships_weights.value_or(true);
    return !parts_stay && leaves(subject.use, *claim.license);
}

bool is_due_when_used(const Case& subject, const Claim& claim, const Term& term) {
    const bool remote = subject.use.delivery != Delivery::Internal;
    const bool leaving = counts_as_leaving(subject, claim);
    const bool changed = claim.treatment != Treatment::Copy;
    switch (due_of(term.term)) {
    case Due::Leaving:
        return leaving;
    case Due::LeavingModified:
        return leaving && changed;
    case Due::Remote:
        return remote;
    case Due::Named:
        return copies_leave(subject.use) && !claim.is_copy &&
               claim.ancestor->trace.part == Part::One;
    case Due::Any:
        return true;
    }
    return true;
}

// "Built on NVIDIA Cosmos" is for models that have the last word in their name.
bool is_named_by(const Term& term, const Node& node) {
    const std::string word = util::lower(term.detail.substr(term.detail.rfind(' ') + 1));
    return !word.empty() && util::lower(node.id).find(word) != std::string::npos;
}

bool conditions_hold(const Case& subject, const Claim& claim, const Term& term) {
    if (term.is_only_when("copies-leave") && !copies_leave(subject.use)) {
        return false;
    }
    if (term.is_only_when("changed") && claim.is_copy) {
        return false;
    }
    if (term.is_only_when("named-model") && !is_named_by(term, node_of(subject, claim))) {
        return false;
    }
    if (term.is_only_when("trained-model") && claim.ancestor->trace.way == Way::Work &&
        claim.is_copy) {
        return false;
    }
    return !term.is_only_when("above-threshold") ||
           rule::is_above_threshold(subject, *claim.license);
}

// Of a teacher, what its outputs bring along.
bool is_due_for_outputs(const Case& subject, const Claim& claim, const Term& term) {
    if (is_publishing(subject, *claim.ancestor)) {
        return due_of(term.term) == Due::Any || term.term == "content-filter";
    }
    return is_shared(subject.use) && (claim.through_outputs || term.is_also_when("outputs"));
}

void add(
    const Case& subject,
    const Claim& claim,
    const Term& term,
    std::string note,
    std::vector<report::Obligation>& due
) {
    due.push_back(
        {term.term, claim.license->id, term.section, node_of(subject, claim).id, std::move(note)}
    );
}

void add_limits(const Case& subject, const Claim& claim, std::vector<report::Obligation>& due) {
    for (const std::string_view name : kBindingLimits) {
        const Term* limit = claim.license->limit(name);
        if (limit == nullptr) {
            continue;
        }
        const bool is_data = claim.ancestor->trace.way == Way::Trained;
        // Of data the set binds those who hold the data; R14 speaks of the model.
        if (is_data && (name == "use-restrictions" || is_shared(subject.use))) {
            continue;
        }
        add(subject, claim, *limit, "binds your own use", due);
    }
    const Term* moving = claim.license->limit("unilateral-change");
    if (moving != nullptr && claim.license->obligation("follow-updated-policy") == nullptr &&
        claim.ancestor->trace.way == Way::Work) {
        Term follow = *moving;
        follow.term = "follow-updated-policy";
        add(subject, claim, follow, "the licensor may change the terms", due);
    }
}

} // namespace

bool leaves(const Use& use, const license::Record& license) {
    switch (use.delivery) {
    case Delivery::Internal:
        return false;
    case Delivery::Serve:
        return license.flow_down() == license::FlowDown::VerbatimMinimum ||
               license.flow_down() == license::FlowDown::SamePurpose ||
               license.hosting == license::Hosting::Distribution ||
               license.hosting == license::Hosting::Product;
    case Delivery::Distribute:
        return true;
    }
    return true;
}

bool discloses_to_remote(const Claim& claim) {
    const Term* term = claim.license->obligation("network-disclose");
    return term != nullptr && !(term->is_only_when("changed") && claim.is_copy);
}

bool is_due(const Case& subject, const Claim& claim, const license::Term& term) {
    if (claim.standing != Claim::Standing::Settled || !conditions_hold(subject, claim, term)) {
        return false;
    }
    switch (claim.ancestor->trace.way) {
    case Way::Work:
        return is_due_when_used(subject, claim, term);
    case Way::Taught:
        return is_due_for_outputs(subject, claim, term);
    case Way::Trained:
        return is_shared(subject.use) && rule::stays_with_model(*claim.license, term.term);
    case Way::Remote:
        return false;
    }
    return false;
}

std::vector<report::Obligation> obligations_of(const Case& subject) {
    std::vector<report::Obligation> due;
    for (const Claim& claim : subject.claims) {
        for (const Term& term : claim.license->obligations) {
            if (is_due(subject, claim, term)) {
                add(subject, claim, term, term.note, due);
            }
        }
        const Way way = claim.ancestor->trace.way;
        if (claim.standing == Claim::Standing::Settled &&
            (way != Way::Taught || claim.through_outputs ||
             claim.license->limit("outputs-restricted") != nullptr)) {
            add_limits(subject, claim, due);
        }
    }
    for (const rule::Confirmation& open : rule::unconfirmed_thresholds(subject)) {
        add(subject, *open.claim, *open.term, open.note, due);
    }
    for (const rule::Confirmation& open : rule::unconfirmed_territory(subject)) {
        add(subject, *open.claim, *open.term, open.note, due);
    }
    return due;
}

} // namespace railhub::compliance
