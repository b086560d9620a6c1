// SPDX-License-Identifier: Apache-2.0
// R23: an untouched copy keeps its license, unless that lets others grant rights in it. A converted
// copy may have own terms where the license lets changed work have them and its text stays.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using license::Grant;
using report::Severity;

struct Refusal {
    Severity severity;
    std::string message;
};

// Of an untouched copy.
std::optional<Refusal> refuse_copy(const Case& subject, const Claim& claim) {
    const license::Record& license = *claim.license;
    if (sublicenses_freely(license)) {
        return std::nullopt;
    }
    const std::string message = "an untouched copy of work under '" + license.id +
                                "' is passed on under " + declared(subject_of(subject));
    const bool text_stays = carries(subject, "license-text:", license);
    const bool is_silent =
        license.family == "permissive" && license.grant("sublicense") == Grant::Silent;
    const bool is_wrapped = label_state(subject) == LabelState::Own;
    if (text_stays && (is_silent || is_wrapped)) {
        return Refusal{Severity::Warning, message + "; its own text stays with it"};
    }
    return Refusal{Severity::Error, message};
}

// Of a converted copy; restrictions and share-alike are other rules'.
std::optional<Refusal> refuse_conversion(const Case& subject, const Claim& claim) {
    const license::Record& license = *claim.license;
    const bool others_judge = license.flow_down() != license::FlowDown::None ||
                              license.obligation("same-license") != nullptr;
    if (others_judge || sublicenses_freely(license) ||
        license.obligation("include-license") == nullptr ||
        carries(subject, "license-text:", license)) {
        return std::nullopt;
    }
    return Refusal{
        Severity::Error,
        "a converted copy of work under '" + license.id + "' is passed on under " +
            declared(subject_of(subject)) + " without its text and notices"};
}

// Where the license says what has to stay, else where it says what may be passed on.
std::string section_on_copies(const license::Record& license) {
    if (const license::Term* text = license.obligation("include-license")) {
        return text->section;
    }
    for (const std::string_view term : {"sublicense", "distribute", "relicense-derivatives"}) {
        const license::Permission* permission = license.permission(term);
        if (permission != nullptr && !permission->section.empty()) {
            return permission->section;
        }
    }
    return {};
}

} // namespace

void relabel(const Case& subject, Findings& findings) {
    if (!copies_leave(subject.use) || !is_comparable(subject) ||
        label_state(subject) == LabelState::None) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        const bool is_work = binds(claim) && claim.ancestor->trace.way == Way::Work &&
                             claim.ancestor->trace.part == Part::One;
        // Acceptance of another license is for what is made from the work, not for copies.
        const bool differs =
            claim.is_copy ? !has_exact_label(subject, claim) : !same_label(subject, claim);
        if (!is_work || !differs) {
            continue;
        }
        const std::optional<Refusal> refusal = claim.is_copy ? refuse_copy(subject, claim)
                                               : claim.treatment == Treatment::Convert
                                                   ? refuse_conversion(subject, claim)
                                                   : std::nullopt;
        if (!refusal || !once(claim.license->id + refusal->message)) {
            continue;
        }
        report::Finding finding = because_of(subject, *claim.ancestor, "R23", refusal->severity);
        finding.message = refusal->message;
        finding.fix = "set 'license: " + label_for(*claim.license) + "' in the README.md of '" +
                      subject_of(subject).id + "'" +
                      (claim.is_copy ? "" : ", or carry its text and notices along");
        cite_section(finding, *claim.license, section_on_copies(*claim.license));
        findings.push_back(std::move(finding));
    }
}

} // namespace railhub::compliance::rule
