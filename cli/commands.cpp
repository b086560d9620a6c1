// SPDX-License-Identifier: Apache-2.0
// THE TABLE of commands.
#include "cli/commands.h"

namespace railhub::cli {

std::vector<Command> all_commands() {
    return {
        help_command(),
        version_command(),
        completion_command(),
    };
}

} // namespace railhub::cli
