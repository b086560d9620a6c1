// SPDX-License-Identifier: Apache-2.0
// Parse, dispatch, Error -> message and exit code.
#include "cli/run.h"

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/progress_bar.h"
#include "cli/progress_lines.h"
#include "cli/shell.h"
#include "core/transfer/curl_client.h"

#include <algorithm>
#include <memory>
#include <unistd.h>

namespace railhub::cli {

namespace {

std::unique_ptr<util::Progress> choose_progress(Terminal& terminal, const util::Clock& clock) {
    if (terminal.is_quiet()) {
        return std::make_unique<util::NullProgress>();
    }
    if (terminal.err_is_tty()) {
        return std::make_unique<ProgressBar>(terminal, clock);
    }
    return std::make_unique<ProgressLines>(terminal, clock);
}

void configure(Terminal& terminal, const Args& args, const Config& config) {
    if (args.has("quiet")) {
        terminal.set_quiet();
    }
    const std::string when = args.text("color");
    if (when == "always") {
        terminal.set_color(ColorWhen::Always);
    } else if (when == "never" || config.no_color) {
        terminal.set_color(ColorWhen::Never);
    }
}

util::Result<ExitCode> dispatch(
    const std::vector<Command>& table,
    const ParsedLine& line,
    Terminal& terminal,
    const Invocation& invocation
) {
    RAILHUB_TRY(const Config config, make_config(invocation.environment, line.args));
    configure(terminal, line.args, config);
    util::SystemClock clock;
    util::SystemRandom random;
    const auto fs = util::make_posix_fs();
    const auto log = util::make_fd_log(
        STDERR_FILENO,
        util::LogFormat::KeyValue,
        line.args.has("verbose") ? util::LogLevel::Debug : util::LogLevel::Error
    );
    const auto progress = choose_progress(terminal, clock);
    const bool is_watched = invocation.watch_signals && line.command->signals == Signals::Watched;
    const util::Context ctx{
        *log, *progress, clock, is_watched ? invocation.watch_signals() : std::stop_token()};
    transfer::CurlClient http;
    Shell shell{
        table,
        config,
        terminal,
        ctx,
        *fs,
        random,
        http,
        line.args.has("json") ? OutputFormat::Json : OutputFormat::Text};
    return line.command->run(shell, line.args);
}

util::Result<ExitCode>
run_line(const std::vector<Command>& table, Terminal& terminal, const Invocation& invocation) {
    RAILHUB_TRY(const ParsedLine line, parse_line(table, invocation.words));
    const bool is_runnable = line.command != nullptr && line.command->run != nullptr;
    if (line.wants_help || !is_runnable) {
        RAILHUB_TRY(const std::string text, help_text(table, line.help_topic));
        const bool asked = line.wants_help || invocation.words.empty();
        if (asked) {
            terminal.print(text);
            return ExitCode::Done;
        }
        terminal.say(text);
        return ExitCode::Usage;
    }
    return dispatch(table, line, terminal, invocation);
}

} // namespace

void print_error(Terminal& terminal, const util::Error& error, ErrorForm form) {
    if (form == ErrorForm::Json) {
        const util::Json json = util::Json::object(
            {{"code", util::code_name(error.code)},
             {"message", util::to_line(error)},
             {"hint", error.hint},
             {"reason", error.reason}}
        );
        terminal.complain({}, util::Json::object({{"error", json}}).dump());
        return;
    }
    terminal.complain("error:", util::to_line(error));
    if (!error.hint.empty()) {
        terminal.complain("hint:", error.hint);
    }
}

ExitCode run(Invocation invocation) {
    Terminal terminal(invocation.terminal);
    const std::vector<Command> table = all_commands();
    auto result = run_line(table, terminal, invocation);
    if (!result.ok()) {
        // The line may not have been understood: look for the word itself.
        const auto& words = invocation.words;
        const bool wants_json = std::find(words.begin(), words.end(), "--json") != words.end();
        print_error(terminal, result.error(), wants_json ? ErrorForm::Json : ErrorForm::Text);
        return exit_code_of(result.error().code);
    }
    return *result;
}

} // namespace railhub::cli
