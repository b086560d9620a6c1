// SPDX-License-Identifier: Apache-2.0
// R22: code and weights under different licenses are parts of their own. Whether a share-alike part
// beside others reaches them is arguable, so a person decides.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

// Share-alike over the whole that R6 did not already find to be broken.
bool is_arguable(const Case& subject, const Claim& claim) {
    return claim.ancestor->trace.part != Part::One &&
           (!claim.ancestor->trace.in_product ||
            (carries(subject, "source") && carries(subject, "license-text:", *claim.license)));
}

} // namespace

void beside(const Case& subject, Findings& findings) {
    if (!copies_leave(subject.use) || !is_comparable(subject)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const license::Term* same = whole_share_alike(*claim.license);
        if (same == nullptr || !reaches_parts(claim) || !binds(claim) || claim.stays_away ||
            same_label(subject, claim) || fits_as_part(subject, claim) ||
            !is_arguable(subject, claim) || !once(claim.license->id)) {
            continue;
        }
        findings.push_back(finding_of(
            subject,
            claim,
            "R22",
            report::Severity::Warning,
            same,
            "'" + node_of(subject, claim).id + "' under '" + claim.license->id +
                "' is shipped beside work under other terms; whether they are one work is "
                "arguable",
            "keep them separate files with their own texts, and let a person judge"
        ));
    }
}

} // namespace railhub::compliance::rule
