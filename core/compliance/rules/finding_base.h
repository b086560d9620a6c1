// SPDX-License-Identifier: Apache-2.0
// What all findings of rules have in common: subject, place, chain, citation.
#pragma once

#include "core/compliance/claims.h"

#include <string>
#include <string_view>

namespace railhub::compliance::rule {

// About the subject because of an ancestor. `license` may be null. Message and fix are left to the
// rule.
report::Finding because_of(
    const Case& subject, const Ancestor& ancestor, std::string_view rule, report::Severity severity
);

// The same for a claim, complete: `term` is cited and may be null, the license then stands alone.
report::Finding finding_of(
    const Case& subject,
    const Claim& claim,
    std::string_view rule,
    report::Severity severity,
    const license::Term* term,
    std::string message,
    std::string fix
);

// About the subject's own card.
report::Finding
about_subject(const Case& subject, std::string_view rule, report::Severity severity);

// Adds "license section"; an empty section cites the license as a whole.
void cite(report::Finding& finding, const license::Record& license, const license::Term* term);
void cite_section(
    report::Finding& finding, const license::Record& license, const std::string& section
);

// "'x'", or "'x' and 2 more".
std::string quoted_list(const std::vector<std::string>& names);

// The subject's labels for messages: "'apache-2.0'" or "no license".
std::string declared(const Node& node);

// The key by which `license:` names it on hubs, or its id.
std::string label_for(const license::Record& license);

// Fills `missing`, clause by clause.
void add_missing(report::Finding& finding, const std::vector<license::Uncovered>& gaps);
std::size_t distinct_ids(const std::vector<license::Uncovered>& gaps);

} // namespace railhub::compliance::rule
