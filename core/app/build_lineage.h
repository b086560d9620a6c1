// SPDX-License-Identifier: Apache-2.0
// Facts -> lineage graph: asks the resolver for one artifact after the other, breadth first. The
// one builder: check, lineage, the gate and the hub's pages all use it.
#pragma once

#include "core/app/check.h"

namespace railhub::app {

// Node 0 is the subject with these facts. Errors are those of the resolver other than Unavailable.
// Bounded by options.max_ancestors and max_depth: what lies beyond is one node marked TooDeep.
//
// An upstream that several sources name is one edge with all of them. Names left over in configs
// (hints) that lead nowhere become notes of the node where better sources say what it was made
// from; every other name becomes a node, found or not. Labels of a node are those of its strongest
// claim; a weaker claim that says otherwise stands as Node::prose_license.
util::Result<compliance::Lineage> build_lineage(
    const util::Context& ctx,
    const origin::Facts& facts,
    const std::string& subject_id,
    LineageResolver& resolver,
    const CheckOptions& options,
    const license::Catalogue& catalogue
);

} // namespace railhub::app
