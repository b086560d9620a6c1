// SPDX-License-Identifier: Apache-2.0
// The bill of materials of a code base: the project, what it uses, and all of that upstream.
#pragma once

#include "core/app/check_project.h"
#include "core/bom/bom.h"

#include <optional>
#include <string>

namespace railhub::app {

struct ProjectBomOptions {
    std::string name;     // of the project, where it states none
    std::string endpoint; // the hub that was asked, without credentials; or empty
    std::optional<std::int64_t> created = {};
};

// From a check that was done. Where the code names an artifact stands as "used-in" notes.
bom::Bom project_bom(
    const ProjectChecked& checked,
    const project::Project& project,
    const license::Catalogue& catalogue,
    const ProjectBomOptions& options
);

} // namespace railhub::app
