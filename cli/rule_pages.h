// SPDX-License-Identifier: Apache-2.0
// The page of every code that a finding can carry: text from the tables, example from
// cli/rules/<id>.md. Tests run the examples; docs/rules.md and `railhub explain` print the pages.
#pragma once

#include "core/report/report.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::cli {

struct RulePage {
    report::RuleText text;
    std::string basis;        // where licenses say so; empty for codes that are no rules
    std::string_view example; // Markdown: what goes wrong, files, the command, the way out
};

// Rules first, then the other codes.
std::vector<RulePage> rule_pages();
// By id or name, case aside.
std::optional<RulePage> find_rule_page(std::string_view name);
// Gives `report` the text of each rule that it names.
void add_rule_texts(report::Report& report);
// docs/rules.md.
std::string rules_reference();

// A file of an example, or what its command is expected to find.
struct ExampleFile {
    std::string path;
    std::string text;
};

struct Example {
    std::vector<ExampleFile> files;
    std::vector<std::string> commands; // lines after "$ railhub "; the last one is the check
    std::string severity; // empty: not a finding, the command refuses its input with the code
    std::string code;
};

// Takes the fenced blocks of an example's page: "```json cases.json" is a file, "```markdown
// hub:owner/name/README.md" one of a repository on the hub, "```console" holds the commands and
// "finds: SEVERITY CODE" or "fails: CODE".
Example parse_example(std::string_view page);

} // namespace railhub::cli
