// SPDX-License-Identifier: Apache-2.0
// docs/rules.md, printed from the table.
#include "core/compliance/rules.h"

namespace railhub::compliance {

std::string rules_page() {
    std::string page = "# Rules\n\n"
                       "Printed from the table in `core/compliance/rules.cpp`; do not edit.\n\n"
                       "`railhub check` and the license gate evaluate these rules over every "
                       "artifact upstream, not only the\n"
                       "parent: a label in the middle of a chain that dropped terms does not "
                       "remove them. An error makes the\n"
                       "verdict `conflict`, a warning `needs-human`; duties alone make it "
                       "`ok-with-obligations`.\n\n"
                       "| id | name | checks that | basis |\n"
                       "| --- | --- | --- | --- |\n";
    for (const Rule& rule : rules()) {
        page += "| " + std::string(rule.id) + " | " + std::string(rule.name) + " | " +
                std::string(rule.title) + " | " + std::string(rule.basis) + " |\n";
    }
    return page;
}

} // namespace railhub::compliance
