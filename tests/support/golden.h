// SPDX-License-Identifier: Apache-2.0
// Golden files: whole outputs kept under tests/golden and reviewed like code.
#pragma once

#include <string_view>

namespace railhub::tests {

// Checks that `actual` equals tests/golden/<name>. With RAILHUB_UPDATE_GOLDEN=1 a differing file is
// rewritten instead, and ctest reports the program as skipped, never as passed.
void golden(std::string_view name, std::string_view actual);

// The same for a generated page anywhere in the tree, e.g. "docs/cli.md".
void golden_page(std::string_view path_in_tree, std::string_view actual);

} // namespace railhub::tests
