// SPDX-License-Identifier: Apache-2.0
// Rows in the order of their ids; docs/rules.md is printed from them.
#include "core/compliance/rules.h"

#include "core/compliance/rules/all.h"

#include <array>

namespace railhub::compliance {

namespace {

constexpr std::array kRules = {
    Rule{
        "R0",
        "unjudged",
        "Terms that bear on the lineage but that no rule of this version judges: a person has to.",
        "records",
        &rule::unjudged,
    },
    Rule{
        "R1",
        "resolve",
        "Every artifact of the lineage is found and its label is one license that the catalogue "
        "knows.",
        "without a grant copyright reserves everything",
        &rule::resolve,
    },
    Rule{
        "R3",
        "flow-down-verbatim",
        "Use restrictions that must travel with every derivative are all carried, none of them "
        "narrower.",
        "CreativeML OpenRAIL-M 4.a and 5; BLOOM RAIL 4.a and 5; Gemma Terms 3.1",
        &rule::flow_down_verbatim,
    },
    Rule{
        "R6",
        "share-alike",
        "What was made from share-alike work has the same license, or one that the license "
        "accepts.",
        "GPL-3.0 5(c); CC-BY-SA-4.0 3(b)",
        &rule::share_alike,
    },
    Rule{
        "R7",
        "non-commercial",
        "Work for non-commercial or research use is neither used commercially nor labelled as if "
        "it could be.",
        "CC-BY-NC-4.0 2(a)(1)",
        &rule::non_commercial,
    },
};

} // namespace

std::span<const Rule> rules() {
    return kRules;
}

const Rule* find_rule(std::string_view id) {
    for (const Rule& rule : kRules) {
        if (rule.id == id) {
            return &rule;
        }
    }
    return nullptr;
}

} // namespace railhub::compliance
