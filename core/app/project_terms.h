// SPDX-License-Identifier: Apache-2.0
// What the files of a project show: its license, and what its terms carry by [[attestations]]. Part
// of check_project.h, not for other modules.
#pragma once

#include "core/app/check_project.h"

#include <string>
#include <vector>

namespace railhub::app {

// The project as the subject of a lineage, without upstreams; and what is wrong with its files.
struct ProjectTerms {
    origin::Facts facts;
    std::vector<report::Finding> findings;
};

util::Result<ProjectTerms> read_project_terms(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& folder,
    const project::Project& project,
    const license::Catalogue& catalogue
);

} // namespace railhub::app
