// SPDX-License-Identifier: Apache-2.0
// The tables of docs/rules.md.
#include "core/compliance/context.h"
#include "core/compliance/rules.h"

namespace railhub::compliance {

std::string rules_page() {
    std::string page = "# Rules\n\n"
                       "Printed from the tables in `core/compliance/rules.cpp`, "
                       "`core/compliance/context.cpp` and\n"
                       "`core/report/codes.cpp`, and from the examples in `cli/rules/`; do not "
                       "edit.\n\n"
                       "`railhub check` and the license gate evaluate these rules over every "
                       "artifact upstream, not only the\n"
                       "parent: a label in the middle of a chain that dropped terms does not "
                       "remove them. An error makes the\n"
                       "verdict `conflict`, a warning `needs-human`; duties alone make it "
                       "`ok-with-obligations`.\n"
                       "`railhub explain R3` says how a rule decides.\n\n"
                       "| id | name | checks that | basis |\n"
                       "| --- | --- | --- | --- |\n";
    for (const Rule& rule : rules()) {
        page += "| " + std::string(rule.id) + " | " + std::string(rule.name) + " | " +
                std::string(rule.title) + " | " + std::string(rule.basis) + " |\n";
    }
    page += "\n## Policy switches\n\n"
            "`--policy NAME=VALUE`; the first value is the default. A base that the hub does not "
            "know is for a person to decide:\n"
            "the gate modes `warn` and `enforce` let it pass, `strict` refuses it, and so does "
            "`unresolved-upstream=conflict`.\n\n"
            "| switch | values | answers |\n| --- | --- | --- |\n";
    for (const Switch& row : switches()) {
        std::string values;
        for (const std::string_view value : row.values) {
            values += (values.empty() ? "`" : ", `") + std::string(value) + "`";
        }
        page += "| `" + std::string(row.name) + "` | " + values + " | " + std::string(row.meaning) +
                " |\n";
    }
    page += "\n## Facts\n\n"
            "`--fact NAME=VALUE`: what licenses ask about. What is not stated is not assumed.\n\n"
            "| fact | form | meaning |\n| --- | --- | --- |\n";
    for (const Fact& fact : facts()) {
        page += "| `" + std::string(fact.name) + "` | " + std::string(fact.form) + " | " +
                std::string(fact.meaning) + " |\n";
    }
    return page;
}

} // namespace railhub::compliance
