// SPDX-License-Identifier: Apache-2.0
// R27: one label may stand for several dated texts; the one that came with the pinned revision
// counts.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"
#include "core/util/text.h"

namespace railhub::compliance::rule {

void versions(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!claim.judged || claim.license->versions.size() < 2 || !once(claim.license->id)) {
            continue;
        }
        const std::string& revision = node_of(subject, claim).revision;
        report::Finding finding =
            because_of(subject, *claim.ancestor, "R27", report::Severity::Note);
        finding.message = "'" + claim.license->id + "' stands for texts of " +
                          util::join(claim.license->versions, " and ") + "; the one " +
                          (revision.empty() ? "that came with the copy counts"
                                            : "at revision " + revision + " counts");
        cite_section(finding, *claim.license, "");
        findings.push_back(std::move(finding));
    }
}

} // namespace railhub::compliance::rule
