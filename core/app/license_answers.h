// SPDX-License-Identifier: Apache-2.0
// What the hub and the command line answer about licenses, as JSON (schemas/repo-license.v1,
// license-obligations.v1, license-search.v1).
#pragma once

#include "core/app/lineage_view.h"
#include "core/compliance/suggest.h"

namespace railhub::app {

// The first artifact of the view: labels in force, every claim, where they disagree.
util::Json license_json(const LineageView& view);

// Verdict, duties, clauses to carry and a NOTICE text.
util::Json obligations_json(
    const report::Report& report,
    const std::vector<compliance::ClauseToCarry>& clauses,
    const std::string& notice
);

} // namespace railhub::app
