// SPDX-License-Identifier: Apache-2.0
// R17: an adapter alone is a derivative where the text reaches it. Where the text leaves that to
// copyright law, the policy 'adapter-default' answers: a derivative, or a person decides. Other
// derivatives that are such by default only are named here as well.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using report::Severity;
using Standing = Claim::Standing;

// Terms that would bear on a derivative under this label.
bool would_matter(const Case& subject, const Claim& claim) {
    const license::Record& license = *claim.license;
    return !same_label(subject, claim) &&
           (license.flow_down() != license::FlowDown::None ||
            license.obligation("same-license") != nullptr ||
            license.obligation("name-prefix") != nullptr ||
            license.withholds_commerce() != nullptr || license.limit("no-derivatives") != nullptr ||
            license.limit("use-restrictions") != nullptr ||
            license.grant("relicense-derivatives") != license::Grant::Yes);
}

std::string by_default_text(const Claim& claim) {
    return std::string(claim.treatment == Treatment::Adapter ? "an adapter" : "a changed model") +
           " is taken for a derivative of work under '" + claim.license->id +
           "' by default; the text leaves it to copyright law (confidence: medium)";
}

std::optional<std::pair<Severity, std::string>>
verdict_on(const Case& subject, const Claim& claim) {
    using Answer = std::pair<Severity, std::string>;
    if (claim.standing == Standing::Open) {
        return would_matter(subject, claim)
                   ? std::optional(Answer{
                         Severity::Warning,
                         "'" + claim.license->id +
                             "' does not say whether an adapter without its weights is a "
                             "derivative"})
                   : std::nullopt;
    }
    if (claim.standing == Standing::NotDerivative) {
        return Answer{
            Severity::Note,
            "by the policy 'derivative-default' this is no derivative of work under '" +
                claim.license->id + "'"};
    }
    if (claim.by_default && !claim.is_copy && would_matter(subject, claim)) {
        return Answer{Severity::Note, by_default_text(claim)};
    }
    return std::nullopt;
}

} // namespace

void adapter(const Case& subject, Findings& findings) {
    if (!is_comparable(subject)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const bool is_work = claim.judged && claim.ancestor->trace.way == Way::Work &&
                             claim.ancestor->trace.part == Part::One;
        if (!is_work) {
            continue;
        }
        auto answer = verdict_on(subject, claim);
        if (!answer || !once(claim.license->id + answer->second)) {
            continue;
        }
        report::Finding finding = because_of(subject, *claim.ancestor, "R17", answer->first);
        finding.message = std::move(answer->second);
        finding.fix = answer->first == Severity::Warning
                          ? "let a person decide, or set the policy 'adapter-default'"
                          : "";
        cite_section(finding, *claim.license, claim.license->derivatives.section);
        findings.push_back(std::move(finding));
    }
}

} // namespace railhub::compliance::rule
