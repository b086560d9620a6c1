// SPDX-License-Identifier: Apache-2.0
// Are the use restrictions of a set really written in a text? Clause by clause, with the passage:
// by fingerprints of clauses, then by words that speak of the same thing. A label carries nothing.
// Pure.
#pragma once

#include "core/license/catalogue.h"
#include "core/license/detect.h"
#include "core/license/fingerprint.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

enum class ClauseStatus : std::uint8_t {
    Carried,  // forbids what the clause forbids
    Narrower, // is there, with a qualifier that lets more through
    Unclear,  // something like it is there; a person should read it
    Absent,
};

enum class ClauseEvidence : std::uint8_t {
    None,
    Words,     // own words about the same subject
    Alike,     // most of the wording
    Verbatim,  // the wording
    OtherText, // the wording of a clause of another license, which covers this one or is narrower
};

std::string_view clause_status_word(ClauseStatus status);       // "carried", ...
std::string_view clause_evidence_word(ClauseEvidence evidence); // "verbatim", ...

struct ClauseFinding {
    std::string section; // of the required set
    std::vector<Restriction> restrictions;
    ClauseStatus status = ClauseStatus::Absent;
    ClauseEvidence evidence = ClauseEvidence::None;
    double confidence = 0;               // 0 to 1
    Place place;                         // of the passage; empty when absent
    std::string via;                     // OtherText: "bigcode-A A.k"
    std::vector<std::string> qualifiers; // words beside the clause that narrow it
};

struct CarriedClauses {
    std::vector<ClauseFinding> clauses; // in the order of the set
    // Some license is named or tagged in the text, which counts for nothing. Only find_carried
    // looks for it.
    bool names_license = false;
    [[nodiscard]] bool all_carried() const;
};

// Own words about restrictions: rows of licenses/restrictions/wording.tsv.
struct RestrictionWording {
    std::string id;                               // of the taxonomy
    std::vector<std::vector<std::string>> groups; // each by one of its words; "x*" is a beginning
};

// Lines "id<TAB>word|word + word|word"; those that begin with # are skipped.
std::vector<RestrictionWording> parse_wording(std::string_view rows);
const std::vector<RestrictionWording>& built_in_wording();

// The same of several sets, in one look at the text. Without fingerprints: with what is built in,
// of which only what this text needs is read.
std::vector<CarriedClauses> find_all_carried(
    const Catalogue& catalogue,
    std::span<const RestrictionSet* const> required,
    std::string_view bytes
);

std::vector<CarriedClauses> find_all_carried(
    const Fingerprints& fingerprints,
    const Catalogue& catalogue,
    std::span<const RestrictionWording> wording,
    std::span<const RestrictionSet* const> required,
    std::string_view bytes
);

CarriedClauses find_carried(
    const Fingerprints& fingerprints,
    const Catalogue& catalogue,
    std::span<const RestrictionWording> wording,
    const RestrictionSet& required,
    std::string_view bytes
);

} // namespace railhub::license
