// SPDX-License-Identifier: Apache-2.0
// Drafts an OpenRAIL-style license from chosen use restrictions, in our own wording and marked as a
// draft for counsel.
#pragma once

#include "core/license/catalogue.h"

#include <string>
#include <vector>

namespace railhub::compliance {

struct Composition {
    std::string title = "Use-based license"; // heading of the draft
    std::string scope = "M";                 // of D(ata), A(pplication), M(odel), S(ource)
    // What the draft restricts; doubled and narrower ones are left out.
    std::vector<license::Restriction> restrictions;
};

// Reads what a user names: sets ("creativeml-A"), ids ("security.malware") and ids with a variant
// ("medical.advice#any"). An id that has variants needs one. NotFound with the nearest name as
// hint.
util::Result<std::vector<license::Restriction>>
restrictions_named(const license::Catalogue& catalogue, const std::vector<std::string>& names);

// Markdown. InvalidInput when the scope has other letters or no restriction is given.
util::Result<std::string>
compose_license(const license::Catalogue& catalogue, const Composition& composition);

} // namespace railhub::compliance
