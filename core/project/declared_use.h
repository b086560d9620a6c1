// SPDX-License-Identifier: Apache-2.0
// Declared use against clauses: each use restriction of a lineage is kept whatever is done, falls
// under a declared purpose, or needs somebody to say that it is kept.
#pragma once

#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"
#include "core/project/project.h"
#include "core/project/purposes.h"

#include <set>
#include <string>
#include <vector>

namespace railhub::project {

struct UseJudged {
    std::vector<report::Finding> findings;
    // Licenses whose restrictions nobody can judge, because no purpose is declared.
    std::set<std::string> unjudged;
};

// Restrictions of every license whose work reaches the subject, whatever the labels between say.
// One finding for each license and purpose, citing all clauses it is about. Pure.
UseJudged judge_use(
    const compliance::Lineage& lineage,
    const DeclaredUse& use,
    const std::vector<Attestation>& attestations,
    const license::Catalogue& catalogue,
    const Purposes& purposes
);

} // namespace railhub::project
