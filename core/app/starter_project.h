// SPDX-License-Identifier: Apache-2.0
// Starter: a railhub.toml to begin with, commented, from what a scan finds.
#pragma once

#include "core/app/check_project.h"

#include <string>

namespace railhub::app {

// The text of a file that reads without mistakes. `name` is what findings call the project. Errors
// are those of check_project's scan.
util::Result<std::string> starter_project(
    const util::Context& ctx,
    util::Fs& fs,
    const license::Catalogue& catalogue,
    const std::string& name,
    const ProjectOptions& options
);

} // namespace railhub::app
