// SPDX-License-Identifier: Apache-2.0
// One call of the program: words and environment in, exit code out. main.cpp hands over the
// process; tests hand over strings.
#pragma once

#include "cli/config.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

#include <functional>
#include <stop_token>

namespace railhub::cli {

struct Invocation {
    std::vector<std::string> words; // without the program's name
    Environment environment;
    Terminal::Options terminal;
    // Called once before a command that does not handle signals itself; tests leave it empty.
    std::function<std::stop_token()> watch_signals = {};
};

// Prints results and errors; never throws.
ExitCode run(Invocation invocation);

// "error: ..." and "hint: ..." on stderr, or with --json one line {"error":{...}} there.
enum class ErrorForm : std::uint8_t { Text, Json };
void print_error(Terminal& terminal, const util::Error& error, ErrorForm form);

} // namespace railhub::cli
