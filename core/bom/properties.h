// SPDX-License-Identifier: Apache-2.0
// What the standards have no member for, as names and values: the same in every format.
#pragma once

#include "core/bom/bom.h"

#include <string>
#include <vector>

namespace railhub::bom {

// "railhub:license:declared", "railhub:use-restriction", ...: in a fixed order; names may repeat.
std::vector<NamedValue> properties_of(const Component& component);

// "medical.advice#any"
std::string restriction_text(const Restriction& restriction);
// "forbidden by llama2, section 1.b", for people.
std::string restriction_source(const Restriction& restriction);
// "fine-tune of org/base (README.md: base_model)", seen from the derived artifact.
std::string relation_text(const Bom& bom, const Relation& relation);

// The license of this ref; nullptr when it is none of the bill's.
const CustomLicense* find_custom(const Bom& bom, std::string_view ref);

} // namespace railhub::bom
