// SPDX-License-Identifier: Apache-2.0
// One function per rule; each has the file of its name. rules.cpp is the table over them.
#pragma once

#include "core/compliance/rules.h"

namespace railhub::compliance::rule {

using Findings = std::vector<report::Finding>;

void unjudged(const Case& subject, Findings& findings);
void resolve(const Case& subject, Findings& findings);
void flow_down_verbatim(const Case& subject, Findings& findings);
void share_alike(const Case& subject, Findings& findings);
void non_commercial(const Case& subject, Findings& findings);

} // namespace railhub::compliance::rule
