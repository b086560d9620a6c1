// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cli/fake_shell.h"

namespace railhub::tests {

Outcome FakeShell::call(std::vector<std::string> words) {
    Outcome outcome;
    cli::Invocation invocation;
    invocation.words = std::move(words);
    invocation.environment = environment;
    invocation.terminal.in_is_tty = in_is_tty;
    invocation.terminal.out = [&outcome](std::string_view text) { outcome.out += text; };
    invocation.terminal.err = [&outcome](std::string_view text) { outcome.err += text; };
    invocation.terminal.read_line = [this](cli::Terminal::Echo) -> std::optional<std::string> {
        if (input.empty()) {
            return std::nullopt;
        }
        std::string line = input.front();
        input.pop_front();
        return line;
    };
    outcome.code = cli::run(std::move(invocation));
    return outcome;
}

} // namespace railhub::tests
