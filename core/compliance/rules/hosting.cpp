// SPDX-License-Identifier: Apache-2.0
// R15: offering work over a network. Some licenses bar it, some count it as distribution, some ask
// for source (licenses 4.3); R3 to R6 judge what that brings.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

namespace railhub::compliance::rule {

namespace {

using license::Hosting;
using report::Severity;

bool is_barred_from_hosting(const license::Record& license) {
    return license.limit("no-hosting") != nullptr ||
           license.grant("host-as-service") == license::Grant::No;
}

std::string_view effect_of(Hosting hosting) {
    switch (hosting) {
    case Hosting::Distribution:
        return "counts hosting as distribution, so what flows down goes into the terms of service";
    case Hosting::Product:
        return "asks of a service what it asks of a product that contains the work";
    case Hosting::Source:
        return "offers source to those who use a changed version over a network";
    case Hosting::Barred:
    case Hosting::Unstated:
        break;
    }
    return "";
}

} // namespace

void hosting(const Case& subject, Findings& findings) {
    if (subject.use.delivery != Use::Delivery::Serve) {
        return;
    }
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!binds(claim) || claim.through_outputs || !once(claim.license->id)) {
            continue;
        }
        const license::Record& license = *claim.license;
        const bool is_out = is_barred_from_hosting(license);
        const std::string_view effect = effect_of(license.hosting);
        if (!is_out && effect.empty()) {
            continue;
        }
        report::Finding finding =
            because_of(subject, *claim.ancestor, "R15", is_out ? Severity::Error : Severity::Note);
        finding.message =
            "'" + license.id + "' " +
            (is_out ? "does not let others use the work remotely" : std::string(effect));
        finding.fix = is_out ? "ask the licensor for another license, or do not host it" : "";
        const license::Term* limit = license.limit("no-hosting");
        cite_section(finding, license, limit != nullptr ? limit->section : license.hosting_section);
        findings.push_back(std::move(finding));
    }
}

} // namespace railhub::compliance::rule
