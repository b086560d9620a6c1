// SPDX-License-Identifier: Apache-2.0
// Help texts and docs/cli.md, printed from the table and the pages in commands/*.md.
#pragma once

#include "cli/command.h"

#include <span>

namespace railhub::cli {

// The list of commands.
std::string overview(std::span<const Command> table);
// Help of a command ("push"), a group ("repo") or, with an empty topic, the overview. NotFound.
util::Result<std::string> help_text(std::span<const Command> table, std::string_view topic);
// docs/cli.md.
std::string reference_page(std::span<const Command> table);

// The page embedded from commands/<name>.md; empty when there is none.
std::string_view page_text(std::string_view name);
// The example embedded from rules/<code>.md; empty when there is none.
std::string_view example_page(std::string_view code);

} // namespace railhub::cli
