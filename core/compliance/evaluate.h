// SPDX-License-Identifier: Apache-2.0
// May this be used and passed on so? A pure function: no clock, no I/O, same values in, same Report
// out (design D7).
#pragma once

#include "core/compliance/lineage.h"
#include "core/compliance/policy.h"
#include "core/license/catalogue.h"
#include "core/report/report.h"

namespace railhub::compliance {

// `lineage` has at least one node, the subject. Never fails: what cannot be decided is a finding.
report::Report evaluate(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
);

// The verdict alone, of a subject whose ancestors the caller knows: each has a node and an edge in
// `lineage`, and the trace that counts.
report::Verdict verdict_of(
    const Lineage& lineage,
    const std::vector<Ancestor>& upstream,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
);

} // namespace railhub::compliance
