// SPDX-License-Identifier: Apache-2.0
// The reference of railhub.toml.
#include "core/project/page.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

namespace railhub::tests {

TEST_CASE("the page of the project file is what the tables say", "[golden]") {
    golden_page("docs/project-file.md", project::project_page());
}

} // namespace railhub::tests
