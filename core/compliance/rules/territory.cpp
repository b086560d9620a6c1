// SPDX-License-Identifier: Apache-2.0
// R13: places where a grant does not run: by where the licensee sits, or by where the work or its
// output is used (licenses 4.5).
#include "core/compliance/places.h"
#include "core/compliance/rules/all.h"
#include "core/compliance/rules/finding_base.h"

#include <algorithm>

namespace railhub::compliance::rule {

namespace {

using license::Term;
using report::Severity;

constexpr std::string_view kByDomicile = "EU-multimodal";

// As it was stated; what is no place by its name is left as it is.
std::string place_of(const std::string& stated) {
    return parse_place(stated).value_or(stated);
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

// What the card says of the model, else what is stated of the use, else what every model under the
// license is.
Node::Modality modality_of(const Case& subject, const Claim& claim) {
    using Modality = Node::Modality;
    const Modality own = node_of(subject, claim).modality;
    if (own == Modality::Text || own == Modality::Multimodal) {
        return own;
    }
    if (subject.use.is_multimodal.value_or(false)) {
        return Modality::Multimodal;
    }
    if (own == Modality::Unstated && subject.use.is_multimodal) {
        return Modality::Text;
    }
    const auto every = parse_modality(claim.license->modality);
    return own == Modality::Unstated && every ? *every : own;
}

Where by_domicile(const Case& subject, const Claim& claim) {
    const Node::Modality modality = modality_of(subject, claim);
    if (modality == Node::Modality::Text) {
        return Where::Outside;
    }
    if (subject.use.licensee_territory.empty()) {
        return Where::Unknown;
    }
    if (!is_in_union(place_of(subject.use.licensee_territory))) {
        return Where::Outside;
    }
    return modality == Node::Modality::Multimodal ? Where::Inside : Where::UnknownModel;
}

Where by_use(const Case& subject, const Term& term) {
    if (subject.use.use_territory.empty()) {
        return Where::Unknown;
    }
    return is_within(term.detail, place_of(subject.use.use_territory)) ? Where::Inside
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
