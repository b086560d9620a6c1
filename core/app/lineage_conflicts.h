// SPDX-License-Identifier: Apache-2.0
// Where the sources of a lineage disagree, what is missing in it, and where it bites its own tail.
#pragma once

#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"

#include <string>
#include <vector>

namespace railhub::app {

struct LineageConflict {
    enum class About : std::uint8_t { License, Upstream, Relation } about = About::License;
    std::size_t node = 0;
    std::string message;
};

std::string_view about_word(LineageConflict::About about); // "license", "upstream", "relation"

// License: claims that name different licenses. Upstream: metadata name an artifact that the card
// does not, and that nothing the card names was made from. Relation: two ways are stated in which
// one artifact was made from another. By node, in the order of claims and edges.
std::vector<LineageConflict>
conflicts_of(const compliance::Lineage& lineage, const license::Catalogue& catalogue);

// One line for each group of artifacts that were made from each other: their nodes, ascending.
std::vector<std::vector<std::size_t>> cycles_of(const compliance::Lineage& lineage);

} // namespace railhub::app
