// SPDX-License-Identifier: Apache-2.0
// R20: policies and texts that the licensor may change: the date that was used has to be kept, and
// changes watched for. The duty itself stands among the obligations.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

void moving_policy(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        const license::Term* moving = claim.license->obligation("follow-updated-policy");
        if (moving == nullptr) {
            moving = claim.license->limit("unilateral-change");
        }
        const bool bears = claim.judged && (claim.ancestor->trace.way == Way::Work ||
                                            claim.ancestor->trace.way == Way::Taught);
        if (moving == nullptr || !bears || !once(claim.license->id)) {
            continue;
        }
        findings.push_back(finding_of(
            subject,
            claim,
            "R20",
            report::Severity::Note,
            moving,
            "the licensor of '" + claim.license->id +
                "' may change its terms or policy: keep the date of those that were used, and "
                "watch for changes",
            ""
        ));
    }
}

} // namespace railhub::compliance::rule
