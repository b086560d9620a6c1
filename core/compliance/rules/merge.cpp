// SPDX-License-Identifier: Apache-2.0
// R16: work merged from several sources owes the duties of all of them. Where two differ and
// neither a rule on restrictions nor one on share-alike settles them, a person decides. (Two names
// for one beginning are found by the rule on names.)
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

// What is made from it may have any terms, or other rules say which it may have.
bool is_settled(const license::Record& license) {
    return license.flow_down() != license::FlowDown::None ||
           license.obligation("same-license") != nullptr ||
           license.grant("relicense-derivatives") == license::Grant::Yes ||
           license.family == "public-domain" || license.family == "cc";
}

} // namespace

void merge(const Case& subject, Findings& findings) {
    if (!is_shared(subject.use)) {
        return;
    }
    const Claim* first = nullptr;
    for (const Claim& claim : subject.claims) {
        const bool is_source = binds(claim) && claim.ancestor->trace.way == Way::Work &&
                               claim.ancestor->trace.is_merged && !is_settled(*claim.license);
        if (!is_source) {
            continue;
        }
        if (first == nullptr) {
            first = &claim;
        } else if (claim.license != first->license) {
            report::Finding finding = finding_of(
                subject,
                claim,
                "R16",
                report::Severity::Warning,
                claim.license->limit("use-restrictions"),
                "'" + first->license->id + "' and '" + claim.license->id +
                    "' meet in one merged work, and neither says under which terms that may go",
                "let a person compare the two"
            );
            cite(finding, *first->license, first->license->limit("use-restrictions"));
            findings.push_back(std::move(finding));
            return;
        }
    }
}

} // namespace railhub::compliance::rule
