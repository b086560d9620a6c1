// SPDX-License-Identifier: Apache-2.0
// Terms -> duties: which obligations of the licenses upstream are due for this use.
#pragma once

#include "core/compliance/claims.h"

namespace railhub::compliance {

// Copies leave, or hosting counts as that: for licenses whose restrictions must travel, remote
// access is distribution or a service like a product (licenses 4.3).
bool leaves(const Use& use, const license::Record& license);

// Remote users are offered source: by what the license says of changed and unchanged versions.
bool discloses_to_remote(const Claim& claim);

// Is this duty of the claim's license due? By what is done, what happened to the work, and the
// conditions of the term.
bool is_due(const Case& subject, const Claim& claim, const license::Term& term);

// A union along the lineage; each duty names the ancestor it comes from. Limits that bind one's own
// use, and numbers and places to confirm, stand among them.
std::vector<report::Obligation> obligations_of(const Case& subject);

} // namespace railhub::compliance
