// SPDX-License-Identifier: Apache-2.0
// R10: where a text calls models trained on outputs derivatives, its terms reach the student (R3 to
// R7 then judge them); where the purpose is unclear, or outputs are published and the text does not
// let go of them, a person decides.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using license::Grant;
using license::Record;
using report::Severity;

struct Say {
    Severity severity;
    const license::Term* term;
    std::string message;
    std::string fix;
};

bool is_limited(const Record& license) {
    return license.withholds_commerce() != nullptr ||
           license.limit("outputs-restricted") != nullptr ||
           license.limit("use-restrictions") != nullptr || license.limit("training-ban") != nullptr;
}

std::optional<Say> about_student(const Case& subject, const Claim& claim) {
    const Record& license = *claim.license;
    if (claim.standing == Claim::Standing::Open) {
        return Say{
            Severity::Warning,
            license.limit("outputs-restricted"),
            "'" + license.id +
                "' makes a model trained on its outputs a derivative if it is to perform "
                "similarly, and this one is not stated to",
            "let a person judge what the student is for"};
    }
    if (claim.through_outputs || claim.is_barred || ban_severity(subject, claim)) {
        return std::nullopt;
    }
    const bool permitted = license.grant("train-on-outputs") == Grant::Yes ||
                           license.grant("train-on-outputs") == Grant::Conditional ||
                           license.grant("distil") == Grant::Yes ||
                           license.grant("distil") == Grant::Conditional ||
                           license.grant("outputs-commercial") == Grant::Yes ||
                           license.limit("training-ban") != nullptr || !is_limited(license) ||
                           same_label(subject, claim);
    if (permitted) {
        return std::nullopt;
    }
    return Say{
        Severity::Warning,
        license.limit("outputs-restricted"),
        "'" + license.id + "' does not say whether its outputs may teach another model",
        "let a person decide, or train on outputs whose terms say so"};
}

// The set has to be carried by the collection; without that nobody knows whether recipients are
// bound.
bool carries_restrictions(const Case& subject, const Record& license) {
    const auto gaps = missing_restrictions(subject, license, subject.policy.restriction_cover);
    return gaps && gaps->empty();
}

std::optional<Say> about_publishing(const Case& subject, const Claim& claim) {
    const Record& license = *claim.license;
    if (const license::Term* owned = license.limit("outputs-owned-by-licensor")) {
        return Say{
            Severity::Warning,
            owned,
            "'" + license.id + "' leaves its outputs to the licensor",
            "ask the licensor before outputs are published"};
    }
    const bool end_use = subject.use.output_purpose == Use::OutputPurpose::EndUse;
    if (const license::Term* ban = license.limit("training-ban"); ban != nullptr && !end_use) {
        return Say{
            Severity::Warning,
            ban,
            "'" + license.id +
                "' bars training with its outputs, and whoever takes the collection may do so",
            "say that the outputs are not for training, or let a person decide"};
    }
    const license::Term* restricted = license.limit("outputs-restricted");
    const bool flows = license.flow_down() != license::FlowDown::None;
    if (restricted != nullptr && flows && !same_label(subject, claim) &&
        !carries_restrictions(subject, license)) {
        return Say{
            Severity::Warning,
            restricted,
            "no use of outputs may break '" + license.id +
                "'; whether those who take the collection are bound is open",
            "pass the use restrictions on with the collection"};
    }
    const bool silent = license.grant("outputs-commercial") == Grant::Silent &&
                        license.withholds_commerce() != nullptr && !same_label(subject, claim);
    if (silent && label_commerce(subject, license) != Commerce::No) {
        return Say{
            Severity::Warning,
            license.withholds_commerce(),
            "'" + license.id + "' is for other than commercial use and says nothing of outputs",
            "let a person decide, or keep commerce out of the collection"};
    }
    return std::nullopt;
}

} // namespace

void outputs(const Case& subject, Findings& findings) {
    if (!is_shared(subject.use)) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!claim.judged || claim.ancestor->trace.way != Way::Taught) {
            continue;
        }
        std::optional<Say> say = is_publishing(subject, *claim.ancestor)
                                     ? about_publishing(subject, claim)
                                     : about_student(subject, claim);
        if (say && once(claim.license->id)) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R10",
                say->severity,
                say->term,
                std::move(say->message),
                std::move(say->fix)
            ));
        } else if (claim.through_outputs && once(claim.license->id + " reaches")) {
            report::Finding finding = finding_of(
                subject,
                claim,
                "R10",
                Severity::Note,
                nullptr,
                "'" + claim.license->id + "' reaches models trained on its outputs",
                ""
            );
            finding.citations = {{claim.license->id, claim.license->derivatives.section}};
            findings.push_back(std::move(finding));
        }
    }
}

} // namespace railhub::compliance::rule
