// SPDX-License-Identifier: Apache-2.0
// R8: what allows no adaptations may be passed on as it is. A change of format that loses nothing
// is no adaptation; one that loses something may be.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using report::Severity;

std::optional<Severity> adaptation_severity(const Case& subject, const Claim& claim) {
    switch (claim.treatment) {
    case Treatment::Copy:
        return std::nullopt;
    case Treatment::Convert:
        return subject.use.is_lossless.value_or(false) || !copies_leave(subject.use)
                   ? std::nullopt
                   : std::optional(Severity::Warning);
    case Treatment::Adapter:
    case Treatment::Modify:
        // Others use it remotely: whether that shares the adaptation is open.
        return copies_leave(subject.use) ? Severity::Error : Severity::Warning;
    }
    return std::nullopt;
}

} // namespace

void no_derivatives(const Case& subject, Findings& findings) {
    if (!is_shared(subject.use)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const license::Term* limit = claim.license->limit("no-derivatives");
        if (limit == nullptr || !binds(claim) || claim.ancestor->trace.part != Part::One) {
            continue;
        }
        const std::optional<Severity> severity = adaptation_severity(subject, claim);
        if (!severity || !once(claim.license->id + std::string(report::severity_word(*severity)))) {
            continue;
        }
        const bool converted = claim.treatment == Treatment::Convert;
        findings.push_back(finding_of(
            subject,
            claim,
            "R8",
            *severity,
            limit,
            converted ? "'" + claim.license->id +
                            "' lets no adaptations be shared, and a conversion that loses "
                            "something may be one"
                      : "'" + claim.license->id + "' lets no adaptations be shared",
            converted ? "use a conversion that loses nothing and say so, or let a person decide"
                      : "keep the changed work to yourself, or ask the licensor"
        ));
    }
}

} // namespace railhub::compliance::rule
