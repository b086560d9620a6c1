// SPDX-License-Identifier: Apache-2.0
// Fills the common fields.
#include "core/compliance/rules/finding_base.h"

#include <algorithm>

namespace railhub::compliance::rule {

report::Finding because_of(
    const Case& subject, const Ancestor& ancestor, std::string_view rule, report::Severity severity
) {
    report::Finding finding = about_subject(subject, rule, severity);
    finding.chain = chain_of(subject.lineage, subject.ancestors, ancestor);
    return finding;
}

report::Finding
about_subject(const Case& subject, std::string_view rule, report::Severity severity) {
    const Node& node = subject.lineage.nodes.front();
    report::Finding finding;
    finding.rule = std::string(rule);
    finding.severity = severity;
    finding.subject = node.id;
    finding.location = node.location;
    return finding;
}

report::Finding finding_of(
    const Case& subject,
    const Claim& claim,
    std::string_view rule,
    report::Severity severity,
    const license::Term* term,
    std::string message,
    std::string fix
) {
    report::Finding finding = because_of(subject, *claim.ancestor, rule, severity);
    finding.message = std::move(message);
    finding.fix = std::move(fix);
    cite(finding, *claim.license, term);
    return finding;
}

void cite(report::Finding& finding, const license::Record& license, const license::Term* term) {
    cite_section(finding, license, term != nullptr ? term->section : std::string());
}

void cite_section(
    report::Finding& finding, const license::Record& license, const std::string& section
) {
    report::Citation citation{license.id, section};
    if (std::find(finding.citations.begin(), finding.citations.end(), citation) ==
        finding.citations.end()) {
        finding.citations.push_back(std::move(citation));
    }
}

std::string quoted_list(const std::vector<std::string>& names) {
    if (names.empty()) {
        return "nothing";
    }
    const std::string first = "'" + names.front() + "'";
    return names.size() == 1 ? first : first + " and " + std::to_string(names.size() - 1) + " more";
}

std::string declared(const Node& node) {
    return node.licenses.empty() ? "no license" : "'" + declared_text(node) + "'";
}

std::string label_for(const license::Record& license) {
    return license.hub_key.empty() ? license.id : license.hub_key;
}

void add_missing(report::Finding& finding, const std::vector<license::Uncovered>& gaps) {
    using report::MissingRestriction;
    for (const license::Uncovered& gap : gaps) {
        if (finding.missing.empty() || finding.missing.back().section != gap.section) {
            finding.missing.push_back({gap.section, {}});
        }
        finding.missing.back().restrictions.push_back({
            gap.restriction.id,
            gap.restriction.variant,
            gap.gap == license::Gap::Absent ? MissingRestriction::Gap::Absent
                                            : MissingRestriction::Gap::Narrower,
        });
    }
}

std::size_t distinct_ids(const std::vector<license::Uncovered>& gaps) {
    std::set<std::string> ids;
    for (const license::Uncovered& gap : gaps) {
        ids.insert(gap.restriction.id);
    }
    return ids.size();
}

} // namespace railhub::compliance::rule
