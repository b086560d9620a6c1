// SPDX-License-Identifier: Apache-2.0
// `railhub pull --policy FILE`: may a project that declares this have the repository? Asked before
// bytes arrive.
#pragma once

#include "cli/shell.h"
#include "core/types/repo_id.h"

#include <string>

namespace railhub::cli {

// --policy FILE
OptionSpec policy_file_option();

struct WantedRepo {
    types::RepoId id;
    std::string commit;
};

// Judges the repository as the one artifact of the project whose railhub.toml --policy names: its
// declared use, policy, waivers and attestations. Done: it may be pulled, and stderr says so.
// Findings: it may not, and the report is on stdout. Findings on the file's own upkeep are left
// out. Mistakes in the file are an Error.
util::Result<ExitCode> judge_pull(Shell& shell, const Args& args, const WantedRepo& wanted);

} // namespace railhub::cli
