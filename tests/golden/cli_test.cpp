// SPDX-License-Identifier: Apache-2.0
// Help texts, docs/cli.md and the completion scripts, whole.
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

namespace railhub::tests {

TEST_CASE("help of the overview, a group and a command", "[golden]") {
    const auto table = cli::all_commands();
    golden("cli/overview.txt", cli::overview(table));
    golden("cli/repo.txt", *cli::help_text(table, "repo"));
    golden("cli/push.txt", *cli::help_text(table, "push"));
}

TEST_CASE("the reference page is what the table says", "[golden]") {
    golden_page("docs/cli.md", cli::reference_page(cli::all_commands()));
}

TEST_CASE("every command is documented", "[golden]") {
    const auto table = cli::all_commands();
    for (const auto& command : table) {
        if (command.run != nullptr) {
            INFO(command.name);
            CHECK_FALSE(cli::page_text(command.page).empty());
            CHECK_FALSE(command.summary.empty());
            CHECK_FALSE(command.summary.ends_with('.'));
            CHECK(cli::help_text(table, command.name).ok());
        }
    }
}

TEST_CASE("completions", "[golden]") {
    const auto table = cli::all_commands();
    golden("cli/completion.bash", *cli::completion_script(table, "bash"));
}

} // namespace railhub::tests
