// SPDX-License-Identifier: Apache-2.0
// R5: the agreement and its policy travel with the material; own terms are for own changes only
// (licenses 4.4, mode contractual).
#include "core/compliance/rules/flow_down.h"

namespace railhub::compliance::rule {

void flow_down_contract(const Case& subject, Findings& findings) {
    judge_flow_down(
        subject,
        {"R5", license::FlowDown::Contractual, subject.policy.restriction_cover, true},
        findings
    );
}

} // namespace railhub::compliance::rule
