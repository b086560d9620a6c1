// SPDX-License-Identifier: Apache-2.0
// railhub help [COMMAND...]
#include "cli/help.h"

#include "cli/commands.h"
#include "cli/shell.h"
#include "core/util/text.h"

namespace railhub::cli {

namespace {

util::Result<ExitCode> run_help(Shell& shell, const Args& args) {
    RAILHUB_TRY(
        const std::string text, help_text(shell.table, util::join(args.list("COMMAND"), " "))
    );
    shell.terminal.print(text);
    return ExitCode::Done;
}

} // namespace

Command help_command() {
    return {
        .name = "help",
        .group = "Help",
        .summary = "Explain a command",
        .page = "help",
        .options = {},
        .operands = {{"COMMAND", Need::AnyNumber, "Words of the command, such as 'repo create'"}},
        .run = run_help};
}

} // namespace railhub::cli
