// SPDX-License-Identifier: Apache-2.0
// What R3, R4 and R5 share: whose restrictions must travel, and the finding when they do not.
#pragma once

#include "core/compliance/claims.h"
#include "core/compliance/rules/all.h"

namespace railhub::compliance::rule {

struct FlowRule {
    std::string_view id; // "R3"
    license::FlowDown mode;
    license::Cover cover;
    bool asks_for_text; // the agreement itself has to travel under another label
};

// One finding per license whose restrictions do not travel, for the nearest artifact that has it.
void judge_flow_down(const Case& subject, const FlowRule& rule, Findings& findings);

} // namespace railhub::compliance::rule
