// SPDX-License-Identifier: Apache-2.0
// Where test data lies: in the tree, and in the shared reference folder that may be absent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace railhub::tests {

// Path below tests/, e.g. data_path("data/cards/simple.md").
std::string data_path(std::string_view relative);

// Path below the shared reference folder (CMake variable RAILHUB_SHARED_DIR), nullopt when it is
// not there: `const auto path = shared_path("data/x.json"); if (!path) RAILHUB_SKIP("no shared
// data");`
std::optional<std::string> shared_path(std::string_view relative);

// Whole file; fails the running test when it cannot be read.
std::string read_data(const std::string& path);

} // namespace railhub::tests
