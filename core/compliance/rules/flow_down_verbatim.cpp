// SPDX-License-Identifier: Apache-2.0
// R3: OpenRAIL-style licenses let a derivative have other terms, but at least the whole set of use
// restrictions must be in them as enforceable conditions (licenses 4.4, mode verbatim-minimum).
#include "core/compliance/rules/flow_down.h"

namespace railhub::compliance::rule {

void flow_down_verbatim(const Case& subject, Findings& findings) {
    judge_flow_down(
        subject,
        {"R3", license::FlowDown::VerbatimMinimum, subject.policy.restriction_cover, false},
        findings
    );
}

} // namespace railhub::compliance::rule
