// SPDX-License-Identifier: Apache-2.0
// R21: some licenses let nobody add restrictions to the work. Adding them to one's own changes on
// permissive material is fine; adding them under the name of a license that forbids it is not.
#include "core/compliance/labels.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>

namespace railhub::compliance::rule {

namespace {

using license::Record;
using license::Restriction;
using report::Severity;

// Does the subject add restrictions to this license, beside those it has itself?
bool adds_to(const Case& subject, const Record& license) {
    const license::RestrictionSet* set = subject.knowledge.restriction_set(license.restriction_set);
    const std::vector<Restriction> own = set != nullptr ? set->flat() : std::vector<Restriction>();
    const std::vector<Restriction> all = restrictions_of(subject_of(subject), subject.knowledge);
    return std::any_of(all.begin(), all.end(), [&own](const Restriction& restriction) {
        return std::find(own.begin(), own.end(), restriction) == own.end();
    });
}

// Does the work itself, or all that is made from it, stay free of added terms?
bool keeps_terms_out(const Case& subject, const Claim& claim) {
    const Record& license = *claim.license;
    if (license.limit("no-extra-terms") == nullptr || !binds(claim) ||
        claim.ancestor->trace.way != Way::Work || claim.ancestor->trace.part == Part::Beside) {
        return false;
    }
    // Kept under its own text and source, it is a part of its own (R22).
    if (claim.ancestor->trace.part == Part::Linked && carries(subject, "source") &&
        carries(subject, "license-text:", license)) {
        return false;
    }
    return claim.is_copy || whole_share_alike(license) != nullptr ||
           license.grant("relicense-derivatives") == license::Grant::No;
}

void judge_added(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        if (keeps_terms_out(subject, claim) && adds_to(subject, *claim.license) &&
            once(claim.license->id)) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R21",
                Severity::Error,
                claim.license->limit("no-extra-terms"),
                "'" + claim.license->id +
                    "' lets nobody put further restrictions on the work, and use restrictions "
                    "travel with '" +
                    subject_of(subject).id + "'",
                "keep the restrictions out of what is made from that work, or the work out"
            ));
        }
    }
}

// Restrictions that some upstream license wants carried, under a declared license that takes none.
void judge_own_label(const Case& subject, Findings& findings) {
    for (const Record* label : licenses_of(subject_of(subject), subject.knowledge)) {
        const license::Term* none = label->limit("no-extra-terms");
        if (none == nullptr || !adds_to(subject, *label)) {
            continue;
        }
        for (const Claim& claim : subject.claims) {
            if (claim.license == label || !binds(claim) ||
                claim.license->flow_down() == license::FlowDown::None) {
                continue;
            }
            report::Finding finding = because_of(subject, *claim.ancestor, "R21", Severity::Error);
            finding.message = "'" + label->id +
                              "' takes no further restrictions under its name, and those of '" +
                              claim.license->id + "' are declared with it";
            finding.fix = "declare own terms (license: other) that contain both";
            cite(finding, *label, none);
            findings.push_back(std::move(finding));
            return;
        }
    }
}

// Research texts that let nobody put other terms on what is made from the work.
void judge_other_terms(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        const Record& license = *claim.license;
        const bool is_locked = license.grant("relicense-derivatives") == license::Grant::No &&
                               license.limit("no-extra-terms") != nullptr &&
                               whole_share_alike(license) == nullptr &&
                               license.flow_down() == license::FlowDown::None;
        if (is_locked && binds(claim) && claim.ancestor->trace.way == Way::Work &&
            claim.ancestor->trace.part == Part::One && !same_label(subject, claim) &&
            once(license.id)) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R21",
                Severity::Error,
                license.limit("no-extra-terms"),
                "'" + license.id + "' lets nobody put other terms on what is made from it, and " +
                    declared(subject_of(subject)) + " is declared",
                "set 'license: " + label_for(license) + "'"
            ));
        }
    }
}

} // namespace

void extra_terms(const Case& subject, Findings& findings) {
    if (!copies_leave(subject.use) || !is_comparable(subject)) {
        return;
    }
    judge_other_terms(subject, findings);
    judge_added(subject, findings);
    if (carries_any(subject, "use-restriction")) {
        judge_own_label(subject, findings);
    }
}

} // namespace railhub::compliance::rule
