// SPDX-License-Identifier: Apache-2.0
// THE TABLE of rules. A rule is one file in rules/ and one row in rules.cpp; docs/rules.md is
// printed from the rows.
#pragma once

#include "core/compliance/lineage.h"
#include "core/compliance/policy.h"
#include "core/license/catalogue.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

// What a rule sees. Everything is borrowed and constant.
struct Case {
    const Lineage& lineage;
    const std::vector<Ancestor>& ancestors;
    const Use& use;
    const Policy& policy;
    const license::Catalogue& knowledge;
};

struct Rule {
    std::string_view id;    // "R3"
    std::string_view name;  // "flow-down-verbatim"
    std::string_view title; // one sentence: what it checks
    std::string_view basis; // where the licenses say so
    void (*apply)(const Case& subject, std::vector<report::Finding>& findings);
};

std::span<const Rule> rules();
// nullptr when there is none with that id.
const Rule* find_rule(std::string_view id);
// docs/rules.md.
std::string rules_page();

} // namespace railhub::compliance
