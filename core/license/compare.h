// SPDX-License-Identifier: Apache-2.0
// Two licenses, or many restriction sets, side by side: what differs and which is wider.
#pragma once

#include "core/license/catalogue.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

// Who leaves more freedom. Differs: neither can be called freer by this row alone.
enum class Freer : std::uint8_t { Same, First, Second, Differs };

std::string_view freer_word(Freer freer); // "same", "first", "second", "differs"

struct TermRow {
    std::string group; // "permission", "obligation", "limit"
    std::string term;
    std::string first; // value or detail; "-" when the record has no such term
    std::string second;
    std::string first_section;
    std::string second_section;
    Freer freer = Freer::Same;
};

// Width of what two licenses forbid under one id of the taxonomy.
enum class Width : std::uint8_t {
    Equal,
    FirstWider,
    SecondWider,
    OnlyFirst,
    OnlySecond,
    Incomparable
};

std::string_view width_word(Width width);

struct ClauseRow {
    std::string id;
    std::string first; // variant, "yes" where there are none, "-" when absent
    std::string second;
    std::string first_section;
    std::string second_section;
    Width width = Width::Equal;
};

struct Comparison {
    std::vector<TermRow> terms;     // permissions, obligations, limits, each in the order of ids
    std::vector<ClauseRow> clauses; // by restriction id
    // How the sets stand as wholes: "equal", "first covers second", ...; empty without sets.
    std::string sets;
};

Comparison compare(const Catalogue& catalogue, const Record& first, const Record& second);

// One cell of the coverage table (licenses 5.5): ids of the upstream set that the downstream set
// does not cover, and how many of them it does not have at all.
struct Coverage {
    std::size_t uncovered = 0;
    std::size_t absent = 0;
};

Coverage coverage_of(
    const Taxonomy& taxonomy, const RestrictionSet& upstream, const RestrictionSet& downstream
);

} // namespace railhub::license
