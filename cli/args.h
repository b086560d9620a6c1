// SPDX-License-Identifier: Apache-2.0
// Command lines -> Command + Args. Hides the command line library.
#pragma once

#include "cli/command.h"

#include <span>

namespace railhub::cli {

// Options that every command takes, before or after its name.
std::span<const OptionSpec> global_options();

struct ParsedLine {
    const Command* command = nullptr; // points into the table; null: nothing but options was given
    Args args;
    bool wants_help = false;
    std::string help_topic; // words given so far ("repo"), when wants_help
};

// InvalidInput with the nearest name as hint. `words` without the program's name. The table must
// outlive the result. Never prints.
util::Result<ParsedLine>
parse_line(std::span<const Command> table, const std::vector<std::string>& words);

} // namespace railhub::cli
