// SPDX-License-Identifier: Apache-2.0
// Compares with, or rewrites, a file of the source tree.
#include "tests/support/golden.h"

#include "core/util/fs.h"
#include "tests/support/catch.h"
#include "tests/support/data.h"

#include <cstdlib>
#include <iostream>

namespace railhub::tests {

namespace {

bool is_update_wanted() {
    const char* const wanted = std::getenv("RAILHUB_UPDATE_GOLDEN");
    return wanted != nullptr && std::string_view(wanted) == "1";
}

void compare_or_rewrite(const std::string& path, std::string_view actual) {
    constexpr std::uint64_t kMaxBytes = std::uint64_t{16} << 20;
    const auto fs = util::make_posix_fs();
    const auto expected = util::read_file(*fs, path, kMaxBytes);
    if (expected.ok() && expected.value() == actual) {
        SUCCEED();
        return;
    }
    if (is_update_wanted()) {
        REQUIRE_OK(fs->make_dirs(util::parent_path(path)));
        REQUIRE_OK(util::write_atomic(*fs, path, util::as_bytes(actual)));
        // railhub_test() lets ctest look for these words.
        std::cout << "golden file rewritten: " << path << std::endl;
        return;
    }
    INFO("golden file " << path << "; rewrite it with RAILHUB_UPDATE_GOLDEN=1 and review the diff");
    REQUIRE_OK(expected);
    REQUIRE(std::string(actual) == expected.value());
}

} // namespace

void golden(std::string_view name, std::string_view actual) {
    compare_or_rewrite(data_path(util::join_path("golden", name)), actual);
}

void golden_page(std::string_view path_in_tree, std::string_view actual) {
    compare_or_rewrite(data_path(util::join_path("..", path_in_tree)), actual);
}

} // namespace railhub::tests
