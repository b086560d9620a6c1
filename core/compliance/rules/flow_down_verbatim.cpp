// SPDX-License-Identifier: Apache-2.0
// R3: OpenRAIL-style licenses let a derivative have other terms, but at least the whole set of use
// restrictions must be in them as enforceable conditions (licenses 4.4, mode verbatim-minimum).
// Whoever stands between does not matter: the restrictions bind along the whole chain.
#include "core/compliance/labels.h"
#include "core/compliance/obligations.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>
#include <set>

namespace railhub::compliance::rule {

namespace {

using report::MissingClause;
using report::MissingRestriction;

std::vector<MissingClause> by_clause(const std::vector<license::Uncovered>& gaps) {
    std::vector<MissingClause> clauses;
    for (const license::Uncovered& gap : gaps) {
        if (clauses.empty() || clauses.back().section != gap.section) {
            clauses.push_back({gap.section, {}});
        }
        clauses.back().restrictions.push_back({
            gap.restriction.id,
            gap.restriction.variant,
            gap.gap == license::Gap::Absent ? MissingRestriction::Gap::Absent
                                            : MissingRestriction::Gap::Narrower,
        });
    }
    return clauses;
}

std::size_t distinct_ids(const std::vector<license::Uncovered>& gaps) {
    std::set<std::string> ids;
    for (const license::Uncovered& gap : gaps) {
        ids.insert(gap.restriction.id);
    }
    return ids.size();
}

// Labels between the subject and the ancestor that differ from its license: they do not launder it.
std::string
about_the_middle(const Case& subject, const Ancestor& ancestor, const license::Record& license) {
    std::vector<std::string> droppers;
    for (std::size_t i = 0; i + 1 < ancestor.path.size(); ++i) {
        const Node& node = subject.lineage.nodes[subject.lineage.edges[ancestor.path[i]].to];
        if (!is_labelled(node, license, subject.knowledge)) {
            droppers.push_back(node.id);
        }
    }
    return droppers.empty()
               ? ""
               : "; another label on " + quoted_list(droppers) + " does not remove them";
}

std::string fix_for(const Node& root, const license::Record& license) {
    return "set 'license: " + license.hub_key + "' in the README.md of '" + root.id +
           "'; or keep own terms (license: other), repeat these clauses in them as enforceable "
           "conditions "
           "and declare 'use_restrictions: " +
           license.restriction_set + "'";
}

void judge(
    const Case& subject,
    const Ancestor& ancestor,
    const license::Record& license,
    Findings& findings
) {
    const license::RestrictionSet* required =
        subject.knowledge.restriction_set(license.restriction_set);
    if (required == nullptr) {
        return; // the catalogue refuses such records
    }
    const Node& root = subject.lineage.nodes.front();
    const std::vector<license::Restriction> carried = restrictions_of(root, subject.knowledge);
    const std::vector<license::Uncovered> gaps = license::uncovered(
        subject.knowledge.taxonomy(), *required, carried, subject.policy.restriction_cover
    );
    if (gaps.empty()) {
        return;
    }
    report::Finding finding =
        because_of(subject, ancestor, "R3", report::Severity::Error, &license);
    finding.missing = by_clause(gaps);
    finding.message = std::to_string(finding.missing.size()) + " of " +
                      std::to_string(required->clauses.size()) + " use restrictions of '" +
                      license.id + "' (" + std::to_string(distinct_ids(gaps)) +
                      " restriction ids) do not travel with it under " + declared(root) +
                      about_the_middle(subject, ancestor, license);
    cite(finding, license, license.obligation("flow-down-use-restrictions"));
    cite(finding, license, license.limit("use-restrictions"));
    finding.fix = fix_for(root, license);
    findings.push_back(std::move(finding));
}

} // namespace

void flow_down_verbatim(const Case& subject, Findings& findings) {
    const Node& root = subject.lineage.nodes.front();
    std::set<std::string> judged; // one finding per license, for the nearest artifact that has it
    for (const Ancestor& ancestor : subject.ancestors) {
        if (ancestor.way != Way::Work) {
            continue;
        }
        for (const license::Record* license :
             licenses_of(subject.lineage.nodes[ancestor.node], subject.knowledge)) {
            const bool applies = license->flow_down() == license::FlowDown::VerbatimMinimum &&
                                 leaves(subject.use, *license) &&
                                 !is_labelled(root, *license, subject.knowledge);
            if (applies && judged.insert(license->id).second) {
                judge(subject, ancestor, *license, findings);
            }
        }
    }
}

} // namespace railhub::compliance::rule
