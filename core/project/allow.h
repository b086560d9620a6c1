// SPDX-License-Identifier: Apache-2.0
// Allow: which licenses a policy lets into the lineage, beside what the rules of core/compliance
// say of them.
#pragma once

#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"
#include "core/project/project.h"

#include <set>
#include <vector>

namespace railhub::project {

// Findings on licenses that are denied or not listed, artifact by artifact, with the chain from the
// subject of `lineage`. Indices of exceptions that made a difference go into `used`. Artifacts that
// were not found are left to R1. Pure.
std::vector<report::Finding> judge_allowed(
    const compliance::Lineage& lineage,
    const PolicyRules& policy,
    const license::Catalogue& catalogue,
    std::set<std::size_t>& used
);

// Findings on names in the policy that the catalogue does not know.
std::vector<report::Finding>
check_policy_names(const PolicyRules& policy, const license::Catalogue& catalogue);

} // namespace railhub::project
