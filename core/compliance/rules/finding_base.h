// SPDX-License-Identifier: Apache-2.0
// What all findings of rules have in common: subject, place, chain, citation, waiver stub.
#pragma once

#include "core/compliance/rules.h"

#include <string>
#include <string_view>

namespace railhub::compliance::rule {

// About the subject because of an ancestor. `license` may be null. Message and fix are left to the
// rule.
report::Finding because_of(
    const Case& subject,
    const Ancestor& ancestor,
    std::string_view rule,
    report::Severity severity,
    const license::Record* license
);

// About the subject's own card.
report::Finding
about_subject(const Case& subject, std::string_view rule, report::Severity severity);

// Adds "license section" unless the section is empty.
void cite(report::Finding& finding, const license::Record& license, const license::Term* term);

// "'x'", or "'x' and 2 more".
std::string quoted_list(const std::vector<std::string>& names);

// The subject's labels for messages: "'apache-2.0'" or "no license".
std::string declared(const Node& node);

} // namespace railhub::compliance::rule
