// SPDX-License-Identifier: Apache-2.0
// R7: a non-commercial or research-only work is not used commercially, and no label downstream
// promises what upstream withholds. Outputs are judged by what their text says of them.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using report::Severity;

// The limit or permission that keeps commerce out; its section is what counts.
struct Withheld {
    const license::Term* limit;
    std::string section;
};

std::optional<Withheld> withheld_by(const Claim& claim) {
    const license::Record& license = *claim.license;
    const license::Term* limit = license.withholds_commerce();
    if (limit != nullptr) {
        return Withheld{limit, limit->section};
    }
    const license::Permission* trade = license.permission("commercial-use");
    if (trade != nullptr && trade->value == license::Grant::No) {
        return Withheld{nullptr, trade->section};
    }
    return std::nullopt;
}

// Does the limit reach what the subject has of the work? Of a teacher it has outputs only.
bool reaches_subject(const Case& subject, const Claim& claim) {
    if (binds(claim)) {
        return true;
    }
    if (!claim.judged || claim.is_barred || claim.ancestor->trace.way != Way::Taught) {
        return false;
    }
    const license::Grant outputs = claim.license->grant("outputs-commercial");
    return outputs == license::Grant::No ||
           (outputs != license::Grant::Yes && is_commercial(subject.use));
}

report::Finding commerce_finding(
    const Case& subject,
    const Claim& claim,
    const Withheld& withheld,
    Severity severity,
    std::string message,
    std::string fix
) {
    report::Finding finding = because_of(subject, *claim.ancestor, "R7", severity);
    finding.message = std::move(message);
    finding.fix = std::move(fix);
    cite_section(finding, *claim.license, withheld.section);
    return finding;
}

void judge_commerce(
    const Case& subject, const Claim& claim, const Withheld& withheld, Findings& findings
) {
    const std::string& id = claim.license->id;
    if (is_commercial(subject.use)) {
        findings.push_back(commerce_finding(
            subject,
            claim,
            withheld,
            Severity::Error,
            "'" + id + "' excludes the commercial use that is stated",
            "replace the artifact, or ask its licensor for another license"
        ));
        return;
    }
    if (!is_comparable(subject)) {
        return;
    }
    const Node& root = subject_of(subject);
    const Commerce promised = label_commerce(subject, *claim.license);
    if (promised == Commerce::Yes) {
        findings.push_back(commerce_finding(
            subject,
            claim,
            withheld,
            Severity::Error,
            declared(root) + " allows commercial use, which '" + id + "' withholds",
            "set 'license: " + label_for(*claim.license) + "' in the README.md of '" + root.id +
                "', or another license that keeps commercial use out"
        ));
    } else if (promised == Commerce::Unknown && !subject.use.purpose) {
        findings.push_back(commerce_finding(
            subject,
            claim,
            withheld,
            Severity::Warning,
            "nobody can tell from " + declared(root) +
                " whether its terms keep out the commercial use that '" + id + "' withholds",
            "read the terms of '" + root.id + "'; they must not allow commercial use"
        ));
    }
}

} // namespace

void non_commercial(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        const std::optional<Withheld> withheld = withheld_by(claim);
        if (withheld && reaches_subject(subject, claim) && once(claim.license->id)) {
            judge_commerce(subject, claim, *withheld, findings);
        }
    }
}

} // namespace railhub::compliance::rule
