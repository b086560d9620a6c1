// SPDX-License-Identifier: Apache-2.0
// R2: every act needs a permission. A license that is silent on it leaves the act to a person; a
// condition is looked up where another rule or an obligation states it.
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>
#include <array>

namespace railhub::compliance::rule {

namespace {

using license::Grant;
using license::Record;
using report::Severity;

struct Needed {
    std::string_view term;
    std::string_view fallback; // read when the record does not have the term
};

void add_change(const Claim& claim, std::vector<Needed>& needed) {
    if (claim.treatment == Treatment::Convert && !claim.is_copy) {
        needed.push_back({"convert", "modify"});
    } else if (!claim.is_copy) {
        needed.push_back({"modify", ""});
    }
}

std::vector<Needed> needed_for(const Case& subject, const Claim& claim) {
    std::vector<Needed> needed;
    switch (subject.use.delivery) {
    case Use::Delivery::Internal:
        needed.push_back({"use", ""});
        add_change(claim, needed);
        break;
    case Use::Delivery::Serve:
        needed.push_back({"host-as-service", ""});
        add_change(claim, needed);
        break;
    case Use::Delivery::Distribute:
        if (claim.stays_away) {
            needed.push_back({"use", ""});
        } else if (claim.is_copy) {
            needed.push_back({"distribute", ""});
        } else {
            add_change(claim, needed);
            needed.push_back({"distribute-derivatives", ""});
        }
        break;
    }
    if (is_commercial(subject.use)) {
        needed.push_back({"commercial-use", ""});
    }
    return needed;
}

// Another rule speaks of this refusal or condition.
bool is_judged_elsewhere(const Record& license, std::string_view term, Grant grant) {
    if (term == "commercial-use" && grant == Grant::No) {
        return true; // R7
    }
    if (term == "host-as-service" && grant == Grant::No) {
        return true; // R15
    }
    const bool adapts = term == "modify" || term == "convert" || term == "distribute-derivatives";
    return adapts && license.limit("no-derivatives") != nullptr; // R8
}

// The condition is a limit or duty that is judged by itself.
bool is_known_condition(const Case& subject, const Claim& claim, std::string_view term) {
    constexpr std::array<std::string_view, 3> kNumbers = {
        "mau-threshold", "revenue-threshold", "visits-threshold"};
    const Record& license = *claim.license;
    const bool has_number = std::any_of(kNumbers.begin(), kNumbers.end(), [&](auto limit) {
        return license.limit(limit) != nullptr;
    });
    if (term == "commercial-use") {
        return has_number || license.obligation("register") != nullptr;
    }
    if (term == "host-as-service") {
        return license.hosting == license::Hosting::Source ||
               license.hosting == license::Hosting::Distribution || has_number ||
               license.withholds_commerce() != nullptr;
    }
    // Of copies the condition is how they are sold; of changed works, that they keep the license.
    return term == "distribute" || same_label(subject, claim);
}

const license::Permission* permission_for(const Record& license, const Needed& needed) {
    const license::Permission* found = license.permission(needed.term);
    return found != nullptr || needed.fallback.empty() ? found
                                                       : license.permission(needed.fallback);
}

struct Reply {
    Severity severity;
    std::string_view what;
};

std::optional<Reply> reply_to(const Case& subject, const Claim& claim, const Needed& needed) {
    const license::Permission* permission = permission_for(*claim.license, needed);
    const Grant grant = permission == nullptr ? Grant::Silent : permission->value;
    if (grant == Grant::Yes || is_judged_elsewhere(*claim.license, needed.term, grant)) {
        return std::nullopt;
    }
    if (grant == Grant::No) {
        return Reply{Severity::Error, "does not permit"};
    }
    if (grant == Grant::Conditional) {
        return is_known_condition(subject, claim, needed.term)
                   ? std::nullopt
                   : std::optional(Reply{
                         Severity::Warning, "sets conditions that nobody can check here for"});
    }
    return Reply{Severity::Warning, "does not say whether it permits"};
}

void judge_grants(const Case& subject, const Claim& claim, Once& once, Findings& findings) {
    for (const Needed& needed : needed_for(subject, claim)) {
        const std::optional<Reply> reply = reply_to(subject, claim, needed);
        if (!reply || !once(claim.license->id + " " + std::string(needed.term))) {
            continue;
        }
        const license::Permission* permission = permission_for(*claim.license, needed);
        report::Finding finding = because_of(subject, *claim.ancestor, "R2", reply->severity);
        finding.message = "'" + claim.license->id + "' " + std::string(reply->what) + " '" +
                          std::string(needed.term) + "'";
        finding.fix = reply->severity == Severity::Error
                          ? "replace the artifact, or ask its licensor for another license"
                          : "let a person read the license";
        cite_section(
            finding, *claim.license, permission != nullptr ? permission->section : std::string()
        );
        findings.push_back(std::move(finding));
    }
}

// Own terms on what was made from the work, where no rule on restrictions or share-alike decides.
std::optional<Reply> reply_to_relicensing(const Case& subject, const Claim& claim) {
    const Record& license = *claim.license;
    const license::Permission* own = license.permission("relicense-derivatives");
    const license::Term* same = license.obligation("same-license");
    switch (own != nullptr ? own->value : Grant::Silent) {
    case Grant::Yes:
        return std::nullopt;
    case Grant::No:
        return license.limit("no-extra-terms") != nullptr
                   ? std::nullopt // R21
                   : std::optional(Reply{
                         Severity::Error, "does not permit other terms on what is made from it"});
    case Grant::Silent:
        return Reply{
            Severity::Warning,
            "does not say whether it permits other terms on what is made from it"};
    case Grant::Conditional:
        break;
    }
    if (same != nullptr) {
        return Reply{Severity::Warning, "keeps part of what is made from it under itself"};
    }
    if (license.limit("use-restrictions") == nullptr) {
        return std::nullopt;
    }
    const auto gaps = missing_restrictions(subject, license, subject.policy.restriction_cover);
    return gaps && gaps->empty()
               ? std::nullopt
               : std::optional(Reply{
                     Severity::Warning,
                     "permits other terms only if its own travel along, and they do not"});
}

void judge_relicensing(const Case& subject, const Claim& claim, Once& once, Findings& findings) {
    // A product has terms of its own; what is in it keeps its license (R19).
    const bool in_product = claim.ancestor->trace.in_product;
    const bool applies = copies_leave(subject.use) && is_comparable(subject) && !claim.is_copy &&
                         !in_product && claim.ancestor->trace.part == Part::One &&
                         !same_label(subject, claim) && label_state(subject) != LabelState::None &&
                         (claim.license->flow_down() == license::FlowDown::None ||
                          claim.license->flow_down() == license::FlowDown::BySameLicense) &&
                         whole_share_alike(*claim.license) == nullptr &&
                         claim.license->family != "public-domain";
    if (!applies) {
        return;
    }
    const std::optional<Reply> reply = reply_to_relicensing(subject, claim);
    if (!reply || !once(claim.license->id + " relicense-derivatives")) {
        return;
    }
    const license::Permission* own = claim.license->permission("relicense-derivatives");
    report::Finding finding = because_of(subject, *claim.ancestor, "R2", reply->severity);
    finding.message = "'" + claim.license->id + "' " + std::string(reply->what) + "; " +
                      declared(subject_of(subject)) + " is declared";
    finding.fix = "set 'license: " + label_for(*claim.license) + "', or carry its terms along";
    cite_section(finding, *claim.license, own != nullptr ? own->section : std::string());
    findings.push_back(std::move(finding));
}

struct Bar {
    std::string_view limit;
    std::optional<bool> Use::*fact;
    std::string_view message;
    std::string_view fix;
};

constexpr std::array kBars = {
    Bar{"safety-bypass",
        &Use::bypasses_safety,
        "ends when safety measures are removed",
        "put the safety measures back, or others that do the same"},
    Bar{"competitor-bar",
        &Use::is_competitor,
        "gives competitors of its licensor no grant",
        "ask the licensor for another license"},
};

void judge_bars(const Case& subject, const Claim& claim, Once& once, Findings& findings) {
    for (const Bar& bar : kBars) {
        const license::Term* limit = claim.license->limit(bar.limit);
        if (limit != nullptr && (subject.use.*bar.fact).value_or(false) &&
            once(claim.license->id + std::string(bar.limit))) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R2",
                Severity::Error,
                limit,
                "'" + claim.license->id + "' " + std::string(bar.message),
                std::string(bar.fix)
            ));
        }
    }
}

// Where no limit says so outright, the use restrictions may bar the removal of safety measures.
void judge_bypass(const Case& subject, const Claim& claim, Once& once, Findings& findings) {
    constexpr std::string_view kBypass = "security.safety-circumvention";
    const license::Record& license = *claim.license;
    const license::RestrictionSet* set = subject.knowledge.restriction_set(license.restriction_set);
    if (set == nullptr || !subject.use.bypasses_safety.value_or(false) ||
        license.limit("safety-bypass") != nullptr) {
        return;
    }
    for (const license::Clause& clause : set->clauses) {
        const bool bars = std::any_of(
            clause.restrictions.begin(),
            clause.restrictions.end(),
            [kBypass](const license::Restriction& one) { return one.id == kBypass; }
        );
        if (!bars || !once(license.id + std::string(kBypass))) {
            continue;
        }
        findings.push_back(finding_of(
            subject,
            claim,
            "R2",
            Severity::Error,
            license.limit("use-restrictions"),
            "a use restriction of '" + license.id + "' bars the removal of safety measures (" +
                clause.section + ")",
            "put the safety measures back, or others that do the same"
        ));
    }
}

} // namespace

void grant(const Case& subject, Findings& findings) {
    Once once;
    for (const Claim& claim : subject.claims) {
        if (!binds(claim)) {
            continue;
        }
        judge_bars(subject, claim, once, findings);
        judge_bypass(subject, claim, once, findings);
        if (!claim.through_outputs) {
            judge_grants(subject, claim, once, findings);
            judge_relicensing(subject, claim, once, findings);
        }
    }
}

} // namespace railhub::compliance::rule
