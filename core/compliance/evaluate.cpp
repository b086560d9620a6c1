// SPDX-License-Identifier: Apache-2.0
// Runs every rule of the table over one case and adds the obligations that are due.
#include "core/compliance/evaluate.h"

#include "core/compliance/obligations.h"
#include "core/compliance/rules.h"

namespace railhub::compliance {

report::Report evaluate(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
) {
    const std::vector<Ancestor> upstream = ancestors(lineage);
    const Case subject{lineage, upstream, use, policy, knowledge};
    report::Report report;
    report.subject = lineage.nodes.front().id;
    report.knowledge = "license data " + knowledge.version();
    report.lineage = artifacts_of(lineage);
    for (const Rule& rule : rules()) {
        rule.apply(subject, report.findings);
    }
    report.obligations = obligations_of(subject);
    report.finish();
    return report;
}

} // namespace railhub::compliance
