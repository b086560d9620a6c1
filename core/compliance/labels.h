// SPDX-License-Identifier: Apache-2.0
// From the labels a card declares to license records.
#pragma once

#include "core/compliance/lineage.h"
#include "core/license/catalogue.h"

#include <string>
#include <vector>

namespace railhub::compliance {

struct Label {
    std::string text;                        // as declared; empty when nothing is
    const license::Record* record = nullptr; // null when the catalogue does not know it
};

// One entry per declared license; one entry with the "no-license" record when none is. `other` with
// a license_name that the catalogue knows stands for that license.
std::vector<Label> labels_of(const Node& node, const license::Catalogue& catalogue);

// The records among them that are licenses: neither unknown, nor a family, `other` or missing.
// Rules other than R1 look at these only.
std::vector<const license::Record*>
licenses_of(const Node& node, const license::Catalogue& catalogue);

// Is one of the node's labels this license, or one that its share-alike accepts?
bool is_labelled(
    const Node& node, const license::Record& license, const license::Catalogue& catalogue
);

// The restrictions that travel with a node: those of its licenses and those its terms repeat.
std::vector<license::Restriction>
restrictions_of(const Node& node, const license::Catalogue& catalogue);

} // namespace railhub::compliance
