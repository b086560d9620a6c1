// SPDX-License-Identifier: Apache-2.0
// Cards -> lineage graph: asks the resolver for one card after the other, breadth first.
#pragma once

#include "core/app/check.h"
#include "core/card/card.h"

namespace railhub::app {

// Node 0 is the subject with this card and these files. Errors are those of the resolver other than
// Unavailable. Bounded by options.max_ancestors and max_depth: what lies beyond is one node marked
// TooDeep.
util::Result<compliance::Lineage> build_lineage(
    const util::Context& ctx,
    const card::Card& card,
    const std::vector<std::string>& files,
    const std::string& subject_id,
    LineageResolver& resolver,
    const CheckOptions& options,
    const license::Catalogue& catalogue
);

} // namespace railhub::app
