// SPDX-License-Identifier: Apache-2.0
// R13: places where a grant does not run: by where the licensee sits, or by where the work or its
// output is used (licenses 4.5).
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::compliance::rule {

namespace {

using license::Term;
using report::Severity;

constexpr std::array<std::string_view, 28> kUnion = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "EU", "FI", "FR", "GR",
    "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI"};
constexpr std::string_view kSlovakia = "SK";
constexpr std::string_view kByDomicile = "EU-multimodal";

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& ch : result) {
        ch = ch >= 'a' && ch <= 'z' ? static_cast<char>(ch - 'a' + 'A') : ch;
    }
    return result;
}

bool is_in_union(const std::string& place) {
    return place == kSlovakia || std::find(kUnion.begin(), kUnion.end(), place) != kUnion.end();
}

// Is the place in one of the regions of "EU,UK,KR"?
bool is_within(std::string_view regions, const std::string& place) {
    while (!regions.empty()) {
        const std::size_t comma = std::min(regions.find(','), regions.size());
        const std::string_view region = regions.substr(0, comma);
        if ((region == "EU" && is_in_union(place)) || region == place ||
            (region == "UK" && place == "GB")) {
            return true;
        }
        regions.remove_prefix(std::min(comma + 1, regions.size()));
    }
    return false;
}

enum class Where : std::uint8_t { Outside, Inside, Unknown, UnknownModel };

Where by_domicile(const Case& subject, const Claim& claim) {
    const Node::Modality modality = node_of(subject, claim).modality;
    const bool text =
        modality == Node::Modality::Text ||
        (modality == Node::Modality::Unstated && !subject.use.is_multimodal.value_or(true));
    if (text) {
        return Where::Outside;
    }
    if (subject.use.licensee_territory.empty()) {
        return Where::Unknown;
    }
    if (!is_in_union(upper(subject.use.licensee_territory))) {
        return Where::Outside;
    }
    const bool multimodal =
        modality == Node::Modality::Multimodal || subject.use.is_multimodal.value_or(false);
    return multimodal ? Where::Inside : Where::UnknownModel;
}

Where by_use(const Case& subject, const Term& term) {
    if (subject.use.use_territory.empty()) {
        return Where::Unknown;
    }
    return is_within(term.detail, upper(subject.use.use_territory)) ? Where::Inside
                                                                    : Where::Outside;
}

Where where_is(const Case& subject, const Claim& claim, const Term& term) {
    if (!subject.use.role.empty() && term.spares(subject.use.role)) {
        return Where::Outside;
    }
    return term.detail == kByDomicile ? by_domicile(subject, claim) : by_use(subject, term);
}

// Where the work is used counts for its outputs too; where the licensee sits, for the grant.
template <class Visit>
void for_each_territory(const Case& subject, const Visit& visit) {
    for (const Claim& claim : subject.claims) {
        const Term* term = claim.license->limit("territory-exclusion");
        if (term == nullptr || !claim.judged) {
            continue;
        }
        const Way way = claim.ancestor->trace.way;
        const bool outputs_too = term->detail != kByDomicile && way == Way::Taught;
        if (way == Way::Work || outputs_too) {
            visit(claim, *term, where_is(subject, claim, *term));
        }
    }
}

} // namespace

std::vector<Confirmation> unconfirmed_territory(const Case& subject) {
    std::vector<Confirmation> open;
    for_each_territory(subject, [&open](const Claim& claim, const Term& term, Where where) {
        if (where == Where::Unknown) {
            open.push_back({&claim, &term, "confirm that it is not within " + term.detail});
        }
    });
    return open;
}

void territory(const Case& subject, Findings& findings) {
    Once once;
    for_each_territory(subject, [&](const Claim& claim, const Term& term, Where where) {
        if (where == Where::Inside && once(claim.license->id)) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R13",
                Severity::Error,
                &term,
                "'" + claim.license->id + "' gives no grant there (" + term.detail + ")",
                "replace the artifact, or ask its licensor for another license"
            ));
        } else if (where == Where::UnknownModel && once(claim.license->id + " model")) {
            findings.push_back(finding_of(
                subject,
                claim,
                "R13",
                Severity::Warning,
                &term,
                "'" + claim.license->id +
                    "' gives licensees there no grant in multimodal models, and whether '" +
                    node_of(subject, claim).id + "' is one is not stated",
                "state it (--fact multimodal=true or false)"
            ));
        }
    });
}

} // namespace railhub::compliance::rule
