// SPDX-License-Identifier: Apache-2.0
// A code base as the target of `check`, `init`, `lock` and `bom`: its railhub.toml, policies on the
// hub, the date, and whom to ask about upstreams.
#pragma once

#include "cli/check_source.h"
#include "core/app/check_project.h"

#include <memory>

namespace railhub::cli {

// --date
OptionSpec date_option();
// --date, else today; InvalidInput for days that do not exist.
util::Result<project::Date> date_of(Shell& shell, const Args& args);

struct ProjectTarget {
    std::unique_ptr<CheckTarget> upstream; // connection and resolver
    std::unique_ptr<app::Source> source;   // the folder
    project::Project project;
    std::vector<project::Mistake> mistakes; // in railhub.toml; empty after Mistakes::End
    app::ProjectOptions options;
};

// End: mistakes in railhub.toml are an Error. Keep: the caller shows them.
enum class Mistakes : std::uint8_t { End, Keep };

// The folder that the operand names when it is a project (app::is_project), else nullopt.
util::Result<std::optional<std::string>>
project_folder(Shell& shell, const Args& args, std::string_view operand = "SOURCE");

// Reads the declaration and connects. Facts, switches and --fail-on of `args` win. Borrows the
// catalogue.
util::Result<std::unique_ptr<ProjectTarget>> open_project(
    Shell& shell,
    const Args& args,
    const license::Catalogue& catalogue,
    const std::string& folder,
    Mistakes mistakes = Mistakes::End
);

// Checks it; what the scan passed over is said on stderr.
util::Result<app::ProjectChecked>
run_project_check(Shell& shell, ProjectTarget& target, const license::Catalogue& catalogue);

// Policies of other projects, kept in `cache_folder` for when there is no connection. `hub` may be
// null: only what was kept. Borrowed.
std::unique_ptr<project::PolicySource>
make_policy_source(const transfer::HubClient* hub, util::Fs& fs, std::string cache_folder);

} // namespace railhub::cli
