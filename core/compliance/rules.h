// SPDX-License-Identifier: Apache-2.0
// THE TABLE of rules. A rule is one file in rules/ and one row in rules.cpp; docs/rules.md and
// `railhub explain` are printed from the rows.
#pragma once

#include "core/compliance/lineage.h"
#include "core/compliance/policy.h"
#include "core/license/catalogue.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

// One license upstream over one way it came in (claims.h). Borrows from the case.
struct Claim {
    const Ancestor* ancestor = nullptr;
    const license::Record* license = nullptr;
    Treatment treatment = Treatment::Copy; // after Use::modification
    // Settled: a derivative or a copy. Open: the text leaves open whether it is one, and the policy
    // leaves it to a person. NotDerivative: by the policy.
    enum class Standing : std::uint8_t {
        Settled,
        Open,
        NotDerivative
    } standing = Standing::Settled;
    bool is_copy = true;          // the work as it was, perhaps in another format
    bool by_default = false;      // a derivative by the policy's default, not by the text
    bool through_outputs = false; // a teacher whose text reaches models trained on outputs
    bool is_barred = false;       // a teacher whose training ban is broken
    bool stays_away = false;      // a part that is used with what is shared and not shipped
    bool judged = true;           // false: R1 leaves the label to a person
};

// What a rule sees. Everything is borrowed and constant.
struct Case {
    const Lineage& lineage;
    const std::vector<Ancestor>& ancestors;
    const Use& use;
    const Policy& policy;
    const license::Catalogue& knowledge;
    std::vector<Claim> claims = {};
};

struct Rule {
    std::string_view id;          // "R3"
    std::string_view name;        // "flow-down-verbatim"
    std::string_view title;       // one sentence: what it checks
    std::string_view basis;       // where the licenses say so
    std::string_view explanation; // how it decides, in a few sentences
    void (*apply)(const Case& subject, std::vector<report::Finding>& findings);
};

std::span<const Rule> rules();
// By id or name, case aside; nullptr when there is none.
const Rule* find_rule(std::string_view name);
// The tables of rules, policy switches and facts: the first part of docs/rules.md.
std::string rules_page();

} // namespace railhub::compliance
