// SPDX-License-Identifier: Apache-2.0
// R18: a quantized or converted copy owes what a changed copy owes, unless the text says that a
// technical change makes no adaptation.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

void conversion(const Case& subject, Findings& findings) {
    if (!copies_leave(subject.use)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const bool applies = binds(claim) && claim.treatment == Treatment::Convert &&
                             claim.license->family != "public-domain";
        if (!applies || !once(claim.license->id)) {
            continue;
        }
        report::Finding finding =
            because_of(subject, *claim.ancestor, "R18", report::Severity::Note);
        finding.message =
            claim.is_copy
                ? "under '" + claim.license->id + "' a change of format makes no adaptation"
                : "under '" + claim.license->id + "' a converted copy owes what a changed one owes";
        cite_section(finding, *claim.license, claim.license->derivatives.section);
        findings.push_back(std::move(finding));
    }
}

} // namespace railhub::compliance::rule
