// SPDX-License-Identifier: Apache-2.0
// railhub serve: the one place that sees the server.
#include "server/serve.h"

#include "cli/commands.h"
#include "cli/serve_settings.h"
#include "cli/shell.h"

namespace railhub::cli {

namespace {

class TerminalWriter final : public util::Writer {
  public:
    explicit TerminalWriter(Terminal& terminal) : terminal_(terminal) {}

    util::Result<> write(util::ByteView bytes) override {
        terminal_.print(util::as_text(bytes));
        return {};
    }

  private:
    Terminal& terminal_;
};

util::Result<ExitCode> run_serve(Shell& shell, const Args& args) {
    TerminalWriter out(shell.terminal);
    const server::ServeOptions options{
        serve_sources(server::serve_settings(), shell.config.environment, args), out};
    RAILHUB_TRY(const int ended, server::serve(options));
    return ended == 0 ? ExitCode::Done : ExitCode::Failed;
}

} // namespace

Command serve_command() {
    return {
        .name = "serve",
        .group = "Server",
        .summary = "Run the hub",
        .page = "serve",
        .options = serve_options(server::serve_settings()),
        .operands = {},
        .run = run_serve,
        .signals = Signals::Own};
}

} // namespace railhub::cli
