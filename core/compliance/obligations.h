// SPDX-License-Identifier: Apache-2.0
// Terms -> duties: which obligations of the licenses upstream are due for this use.
#pragma once

#include "core/compliance/rules.h"

namespace railhub::compliance {

// Copies leave, or hosting counts as that: for licenses whose restrictions must travel verbatim,
// remote access is distribution (licenses 4.3).
bool leaves(const Use& use, const license::Record& license);

// Was the work of this ancestor changed on the way to the subject? Use::modification decides when
// stated; copies alone leave it unchanged, and so does redistribution of data.
bool is_modified(const Case& subject, const Ancestor& ancestor);

// A union along the lineage; each duty names the ancestor it comes from.
std::vector<report::Obligation> obligations_of(const Case& subject);

} // namespace railhub::compliance
