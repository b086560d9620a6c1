// SPDX-License-Identifier: Apache-2.0
// Judges the lineage of a project part by part, so that one finding never hides another and each
// names the code that brought it in. Part of check_project.h, not for other modules.
#pragma once

#include "core/app/project_resolver.h"

#include <string>
#include <vector>

namespace railhub::app {

// What a lineage from the project leads to, and why it is there.
struct ProjectPart {
    compliance::Lineage lineage; // node 0 is the project
    UseKind kind;
    std::vector<const ProjectUse*> uses; // the first is where findings point at
};

// `uses[i]` of the whole lineage: the places behind node i; borrowed.
std::vector<ProjectPart> parts_of(
    const compliance::Lineage& whole,
    const std::vector<std::vector<ProjectUse>>& uses,
    compliance::Use::Delivery delivery
);

struct JudgedPart {
    std::vector<report::Finding> findings;
    std::vector<report::Obligation> obligations;
    std::set<std::string> unjudged; // as project::UseJudged
};

// `uses` holds one declared use for each territory; there is at least one.
JudgedPart judge_part(
    const ProjectPart& part,
    const project::Project& project,
    const std::vector<compliance::Use>& uses,
    const compliance::Policy& policy,
    const license::Catalogue& catalogue
);

} // namespace railhub::app
