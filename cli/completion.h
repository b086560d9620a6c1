// SPDX-License-Identifier: Apache-2.0
// Completion scripts for shells, written from the table of commands.
#pragma once

#include "cli/command.h"

#include <span>

namespace railhub::cli {

// "bash", "zsh" or "fish"; InvalidInput otherwise.
util::Result<std::string> completion_script(std::span<const Command> table, std::string_view shell);

} // namespace railhub::cli
