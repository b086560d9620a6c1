// SPDX-License-Identifier: Apache-2.0
// R4: a similar set with the same purpose will do, so every id has to be there and its width does
// not matter (licenses 4.4, mode same-purpose).
#include "core/compliance/rules/flow_down.h"

namespace railhub::compliance::rule {

void flow_down_purpose(const Case& subject, Findings& findings) {
    judge_flow_down(
        subject, {"R4", license::FlowDown::SamePurpose, license::Cover::IdsOnly, false}, findings
    );
}

} // namespace railhub::compliance::rule
