// SPDX-License-Identifier: Apache-2.0
// A lineage -> the bill of materials of its subject.
#pragma once

#include "core/bom/bom.h"
#include "core/license/catalogue.h"

#include <optional>
#include <string>

namespace railhub::bom {

struct BuildOptions {
    Kind subject = Kind::Model;
    std::string name;       // of the subject; empty: as the lineage calls it
    std::string endpoint;   // the hub that artifacts were found on, without credentials; or empty
    bool is_on_hub = false; // the subject is a repository there
    std::optional<std::int64_t> created = {};
};

// Components in the order of the nodes, relations in that of the edges. Files and card facts are
// for the caller to add. `lineage` has at least one node.
//
// Declared: the labels in force, several of them together. Concluded: those and the ones of all
// work that it was made from, for a label in between takes no terms away; undecided where one of
// them names no license, is not there to be read, or where files contradict the card.
Bom build(
    const compliance::Lineage& lineage,
    const license::Catalogue& catalogue,
    const BuildOptions& options
);

} // namespace railhub::bom
