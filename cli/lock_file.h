// SPDX-License-Identifier: Apache-2.0
// railhub.lock beside what is checked: read, and asked in place of a hub.
#pragma once

#include "cli/project_source.h"
#include "core/app/lock_lineage.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::cli {

// --lock-against, --no-lock
std::vector<OptionSpec> lock_options();

std::string lock_path(const std::string& folder);

// nullopt when the folder has none. Errors name the file.
util::Result<std::optional<lock::Lock>> read_lock(Shell& shell, const std::string& folder);
// The same, and nullopt with --no-lock, or where there is no folder.
util::Result<std::optional<lock::Lock>>
lock_in_force(Shell& shell, const Args& args, const std::string& folder);

// Endpoint in force as a lock keeps it.
std::string lock_endpoint(const Shell& shell);

// app::check and run_project_check with a lock in place of the hub, and with what changed since it
// was written. The resolver of the target is the hub to compare with.
util::Result<report::Report> check_locked(
    Shell& shell,
    const Args& args,
    CheckTarget& target,
    const license::Catalogue& catalogue,
    const app::CheckOptions& options,
    const lock::Lock& lock
);
util::Result<app::ProjectChecked> check_project_locked(
    Shell& shell,
    const Args& args,
    ProjectTarget& target,
    const license::Catalogue& catalogue,
    const lock::Lock& lock
);

} // namespace railhub::cli
