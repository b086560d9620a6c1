// SPDX-License-Identifier: Apache-2.0
// Waivers: findings that somebody accepted for one revision and one license text, until a day.
#pragma once

#include "core/project/project.h"
#include "core/report/report.h"

#include <functional>
#include <string>
#include <vector>

namespace railhub::project {

// What a waiver is compared with.
struct ArtifactState {
    std::string revision;       // empty: unknown
    std::string license_sha256; // empty: no text
};

// nullptr when no artifact of that id is in the lineage. The id "." is never asked for.
using StateOf = std::function<const ArtifactState*(std::string_view id)>;

// The artifact whose terms make the finding: the end of the chain, or "." for the project itself.
std::string artifact_of(const report::Finding& finding);

// Moves what is waived from findings to waived, and adds findings on waivers that have expired, are
// stale, end within two weeks or waive nothing. Pure; call before Report::finish.
void apply_waivers(
    report::Report& report,
    const std::vector<Waiver>& waivers,
    const StateOf& state_of,
    const Date& today
);

// The block to paste into railhub.toml, complete but for owner and reason.
std::string
waiver_stub(const report::Finding& finding, const ArtifactState* state, const Date& expires);

} // namespace railhub::project
