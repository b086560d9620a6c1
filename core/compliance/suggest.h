// SPDX-License-Identifier: Apache-2.0
// What to do about a lineage: licenses it may go out under, and what has to travel with it.
#pragma once

#include "core/compliance/evaluate.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::compliance {

// A license the subject could declare, with what that brings. `id` "other" stands for own terms
// that carry every text and every restriction set of the lineage.
struct Suggestion {
    std::string id;
    std::string name;
    std::vector<Carried> carries; // what has to travel besides the label
    report::Report report;        // verdict ok or ok-with-obligations
};

// Every record whose label makes the verdict ok or ok-with-obligations, freest first, then by id;
// own terms last. Restrictions that are written in the subject's terms count where they are needed:
// they are among what has to travel then. Records that are no licenses or rest on secondary sources
// are not offered.
std::vector<Suggestion> suggest(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
);

// A clause that has to be repeated in the terms of what is shared.
struct ClauseToCarry {
    std::string license;
    std::string set;
    std::string section;
    std::string id;
    std::string variant;
    std::string meaning; // in our own words
};

std::vector<ClauseToCarry> clauses_to_carry(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
);

// A NOTICE file: what is inside, under which license, and the phrases to show. No license texts.
std::string notice_text(
    const Lineage& lineage,
    const Use& use,
    const Policy& policy,
    const license::Catalogue& knowledge
);

} // namespace railhub::compliance
