// SPDX-License-Identifier: Apache-2.0
// How people name a repository: [datasets/]owner/name[@revision], with --type for the kind.
#pragma once

#include "cli/command.h"
#include "core/types/repo_id.h"

namespace railhub::cli {

struct RepoSpec {
    types::RepoId id;
    std::string revision; // empty when not given
};

// `type` is the --type option: "model", "dataset", or empty for what the prefix says. InvalidInput
// with the form as hint.
util::Result<RepoSpec> parse_repo(std::string_view text, std::string_view type);

// The revision named by @REV or --revision; InvalidInput when both are and differ.
util::Result<std::string>
choose_revision(const RepoSpec& spec, const Args& args, std::string_view fallback);

// --type, shared by all commands that take a repo.
OptionSpec type_option();
OptionSpec revision_option(std::string help);
OperandSpec repo_operand();

} // namespace railhub::cli
