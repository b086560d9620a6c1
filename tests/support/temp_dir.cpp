// SPDX-License-Identifier: Apache-2.0
// Makes the folder below the system's place for temporary files.
#include "tests/support/temp_dir.h"

#include "core/util/assert.h"
#include "core/util/fs.h"

#include <cstdlib>
#include <filesystem>

namespace railhub::tests {

TempDir::TempDir()
    : path_((std::filesystem::temp_directory_path() / "railhub-test-XXXXXX").string()) {
    RAILHUB_ASSERT(::mkdtemp(path_.data()) != nullptr);
}

TempDir::~TempDir() {
    std::error_code error; // a leftover is no reason to fail a test
    std::filesystem::remove_all(path_, error);
}

std::string TempDir::file(std::string_view name) const {
    return util::join_path(path_, name);
}

} // namespace railhub::tests
