// SPDX-License-Identifier: Apache-2.0
// What the facts of an artifact make of its node in the graph.
#pragma once

#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"
#include "core/origin/facts.h"

namespace railhub::app {

// Labels, claims, what is carried, and whether the claims agree.
void describe_node(
    compliance::Node& node, const origin::Facts& facts, const license::Catalogue& catalogue
);

// Do a label and another claim speak of the same license? Names are compared through the
// catalogue; one license of an expression is enough.
bool is_same_license(
    const std::string& label, const std::string& claim, const license::Catalogue& catalogue
);

} // namespace railhub::app
