// SPDX-License-Identifier: Apache-2.0
// What the tables do not say, then the tables.
#include "core/project/page.h"

#include "core/project/keys.h"
#include "core/project/purposes.h"

namespace railhub::project {

std::string project_page() {
    return "# railhub.toml\n\n"
           "Printed from `core/project/keys.cpp` and `core/project/data/purposes.json`; do not "
           "edit. [check.md](check.md) tells\n"
           "how to begin; `railhub init` writes a file to start from. As JSON it follows\n"
           "[`schemas/project.v1.schema.json`](../schemas/project.v1.schema.json).\n\n"
           "The file lies in the root of the project. Unknown keys and impossible values are "
           "mistakes, all said at once with\n"
           "line and column, and nothing is judged before they are mended: a slip in a policy "
           "must not let things pass.\n\n"
           "## Keys\n\n" +
           keys_page() +
           "\n## Purposes and audiences\n\n"
           "What is declared meets each use restriction of the lineage: the use *falls under* it "
           "(`use.forbidden`), it *needs a\n"
           "statement* because it depends on how things are done (`use.needs-statement`), or it "
           "is allowed. `railhub explain\n"
           "medical.advice` tells what an id means.\n\n" +
           purposes_page();
}

} // namespace railhub::project
