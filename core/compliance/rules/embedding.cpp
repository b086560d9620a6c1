// SPDX-License-Identifier: Apache-2.0
// R19: a product carries license texts, notices and credits of what is in it, and its terms of use
// carry the restrictions.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

void embedding(const Case& subject, Findings& findings) {
    if (!copies_leave(subject.use)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const license::Term* text = claim.license->obligation("include-license");
        const bool applies = binds(claim) && !claim.stays_away &&
                             claim.ancestor->trace.in_product && text != nullptr;
        if (!applies || !once(claim.license->id)) {
            continue;
        }
        const bool restricts = claim.license->flow_down() != license::FlowDown::None;
        findings.push_back(finding_of(
            subject,
            claim,
            "R19",
            report::Severity::Note,
            text,
            "the text and notices of '" + claim.license->id + "' belong in the product" +
                (restricts ? ", and its use restrictions into the terms of the product" : ""),
            ""
        ));
    }
}

} // namespace railhub::compliance::rule
