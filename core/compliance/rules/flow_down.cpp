// SPDX-License-Identifier: Apache-2.0
// Whoever stands between does not matter: restrictions bind along the whole chain, so the chain is
// searched for labels that dropped them.
#include "core/compliance/rules/flow_down.h"

#include "core/compliance/labels.h"
#include "core/compliance/obligations.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

// Labels between the subject and the ancestor that differ from its license: they do not launder it.
std::string about_the_middle(const Case& subject, const Claim& claim) {
    std::vector<std::string> droppers;
    for (std::size_t at = claim.ancestor->before; at != Ancestor::kNone;
         at = subject.ancestors[at].before) {
        const Node& node = subject.lineage.nodes[subject.ancestors[at].node];
        if (!is_labelled(node, *claim.license, subject.knowledge)) {
            droppers.insert(droppers.begin(), node.id);
        }
    }
    return droppers.empty()
               ? ""
               : "; another label on " + quoted_list(droppers) + " does not remove them";
}

std::string flow_fix(const Case& subject, const license::Record& license) {
    const std::string set = license.restriction_set.empty() ? license.id : license.restriction_set;
    return "set 'license: " + label_for(license) + "' in the README.md of '" +
           subject_of(subject).id +
           "'; or keep own terms (license: other), repeat these clauses in them as enforceable "
           "conditions and declare 'use_restrictions: " +
           set + "'";
}

report::Finding
flow_finding(const Case& subject, const Claim& claim, const FlowRule& rule, std::string message) {
    report::Finding finding = finding_of(
        subject,
        claim,
        rule.id,
        report::Severity::Error,
        claim.license->obligation("flow-down-use-restrictions"),
        std::move(message),
        flow_fix(subject, *claim.license)
    );
    cite(finding, *claim.license, claim.license->limit("use-restrictions"));
    return finding;
}

void judge_flow(const Case& subject, const Claim& claim, const FlowRule& rule, Findings& findings) {
    const license::Record& license = *claim.license;
    const auto gaps = missing_restrictions(subject, license, rule.cover);
    const std::string under = " under " + declared(subject_of(subject));
    if (!gaps) {
        findings.push_back(flow_finding(
            subject,
            claim,
            rule,
            "the use restrictions of '" + license.id +
                "' differ from work to work and none are known to travel with it" + under
        ));
        return;
    }
    if (!gaps->empty()) {
        report::Finding finding = flow_finding(subject, claim, rule, {});
        add_missing(finding, *gaps);
        const auto* set = subject.knowledge.restriction_set(license.restriction_set);
        finding.message =
            std::to_string(finding.missing.size()) + " of " + std::to_string(set->clauses.size()) +
            " use restrictions of '" + license.id + "' (" + std::to_string(distinct_ids(*gaps)) +
            " restriction ids) do not travel with it" + under + about_the_middle(subject, claim);
        findings.push_back(std::move(finding));
        return;
    }
    if (rule.asks_for_text && !carries(subject, "license-text:", license)) {
        report::Finding finding = flow_finding(
            subject,
            claim,
            rule,
            "the agreement of '" + license.id + "' does not travel with what is made from it" +
                under
        );
        finding.fix = "add its text to '" + subject_of(subject).id +
                      "' and keep it among the terms, or set 'license: " + label_for(license) + "'";
        findings.push_back(std::move(finding));
    }
}

} // namespace

void judge_flow_down(const Case& subject, const FlowRule& rule, Findings& findings) {
    if (!is_comparable(subject)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const bool applies = binds(claim) && !claim.stays_away &&
                             claim.license->flow_down() == rule.mode &&
                             leaves(subject.use, *claim.license) && !same_label(subject, claim);
        if (applies && once(claim.license->id)) {
            judge_flow(subject, claim, rule, findings);
        }
    }
}

} // namespace railhub::compliance::rule
