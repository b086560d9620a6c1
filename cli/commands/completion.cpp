// SPDX-License-Identifier: Apache-2.0
// railhub completion bash|zsh|fish
#include "cli/completion.h"

#include "cli/commands.h"
#include "cli/shell.h"

namespace railhub::cli {

namespace {

util::Result<ExitCode> run_completion(Shell& shell, const Args& args) {
    RAILHUB_TRY(const std::string script, completion_script(shell.table, args.text("SHELL")));
    shell.terminal.print(script);
    return ExitCode::Done;
}

} // namespace

Command completion_command() {
    return {
        .name = "completion",
        .group = "Help",
        .summary = "Print a completion script",
        .page = "completion",
        .options = {},
        .operands = {{"SHELL", Need::Required, "bash, zsh or fish"}},
        .run = run_completion};
}

} // namespace railhub::cli
