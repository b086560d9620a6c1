// SPDX-License-Identifier: Apache-2.0
// THE TABLE of commands. To add one: commands/<verb>.{cpp,md}, its function below, a row in
// commands.cpp.
#pragma once

#include "cli/command.h"

#include <vector>

namespace railhub::cli {

// In the order of the overview. Rows without a function are groups that bring options.
std::vector<Command> all_commands();

Command completion_command();
Command help_command();
Command version_command();

} // namespace railhub::cli
