// SPDX-License-Identifier: Apache-2.0
// THE TABLES of facts and switches by name: what `check --fact`, `check --policy` and case files
// may set (licenses 6.1 and 7.1). docs/cli.md and the error messages come from them.
#pragma once

#include "core/compliance/policy.h"
#include "core/util/json.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

struct Fact {
    std::string_view name; // "mau_at_release"
    std::string_view form; // "number", "yes or no", "territory", ...
    std::string_view meaning;
    // False when the value does not fit the form.
    bool (*set)(Use& use, const util::Json& value);
};

std::span<const Fact> facts();
// By its name, or another that is used for it ("monthly_visits"); hyphens and underscores are the
// same. Null when there is none.
const Fact* find_fact(std::string_view name);
// InvalidInput for unknown names, with the nearest one as hint, and for values that do not fit.
util::Result<> set_fact(Use& use, std::string_view name, const util::Json& value);
// From the command line: "true", "1000000" and "FR" become what they look like.
util::Result<> set_fact(Use& use, std::string_view name, std::string_view value);

struct Switch {
    std::string_view name; // "nc-data-into-model"
    std::string_view meaning;
    std::vector<std::string_view> values; // the default first
    void (*set)(Policy& policy, std::size_t value);
};

const std::vector<Switch>& switches();
util::Result<> set_switch(Policy& policy, std::string_view name, std::string_view value);

} // namespace railhub::compliance
