// SPDX-License-Identifier: Apache-2.0
// Bounded lists, and which claim is in force.
#include "core/origin/facts.h"

#include <algorithm>

namespace railhub::origin {

namespace {

using compliance::LicenseClaim;

constexpr std::size_t kMaxClaims = 64;

} // namespace

void add_upstream(Facts& facts, UpstreamFact fact) {
    const bool known = std::any_of(
        facts.upstreams.begin(),
        facts.upstreams.end(),
        [&fact](const UpstreamFact& other) {
            return other.to == fact.to && other.role == fact.role &&
                   other.activity == fact.activity && other.said == fact.said;
        }
    );
    if (!known && facts.upstreams.size() < kMaxUpstreams) {
        facts.upstreams.push_back(std::move(fact));
    }
}

void add_claim(Facts& facts, LicenseClaim claim) {
    const bool known =
        std::find(facts.claims.begin(), facts.claims.end(), claim) != facts.claims.end();
    if (!known && facts.claims.size() < kMaxClaims) {
        facts.claims.push_back(std::move(claim));
    }
}

void add_problem(Facts& facts, std::string_view problem) {
    if (facts.problems.size() < kMaxProblems) {
        facts.problems.push_back(shown_text(problem));
    }
}

void add_note(Facts& facts, std::string_view note) {
    if (facts.notes.size() < kMaxProblems) {
        facts.notes.push_back(shown_text(note));
    }
}

void settle_licenses(Facts& facts) {
    std::stable_sort(
        facts.claims.begin(),
        facts.claims.end(),
        [](const LicenseClaim& a, const LicenseClaim& b) { return a.basis < b.basis; }
    );
    facts.licenses.clear();
    std::optional<compliance::Basis> strongest;
    for (const LicenseClaim& claim : facts.claims) {
        if (!claim.is_whole) {
            continue;
        }
        strongest = strongest.value_or(claim.basis);
        if (claim.basis != *strongest || facts.licenses.size() >= kMaxLabels) {
            break;
        }
        const bool known = std::find(facts.licenses.begin(), facts.licenses.end(), claim.license) !=
                           facts.licenses.end();
        if (!known) {
            facts.licenses.push_back(claim.license);
        }
    }
}

} // namespace railhub::origin
