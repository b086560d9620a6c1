// SPDX-License-Identifier: Apache-2.0
// Labels that are SPDX expressions: which licenses each way to choose brings. Whoever uses work
// under "A OR B" takes the better; whoever offers "A OR B" has to be able to offer both.
#pragma once

#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"

#include <string>
#include <vector>

namespace railhub::compliance {

// The labels of one way to choose, in the order of the expression.
using LabelWay = std::vector<std::string>;

// One way with the labels as they are when none of them is an expression, when it cannot be parsed
// (R1 then says that it is unknown), or when it leaves too many choices.
std::vector<LabelWay> ways_to_choose(const Node& node, const license::Catalogue& catalogue);

} // namespace railhub::compliance
