// SPDX-License-Identifier: Apache-2.0
// Paths are compiled in, so that a test may run from any folder.
#include "tests/support/data.h"

#include "core/util/fs.h"
#include "tests/support/catch.h"

#include <filesystem>

namespace railhub::tests {

std::string data_path(std::string_view relative) {
    return util::join_path(RAILHUB_TESTS_DIR, relative);
}

std::optional<std::string> shared_path(std::string_view relative) {
    std::string path = util::join_path(RAILHUB_SHARED_DIR, relative);
    std::error_code error;
    return std::filesystem::exists(path, error) ? std::optional(std::move(path)) : std::nullopt;
}

std::string read_data(const std::string& path) {
    constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;
    const auto fs = util::make_posix_fs();
    auto text = util::read_file(*fs, path, kMaxBytes);
    REQUIRE_OK(text);
    return std::move(text).value();
}

} // namespace railhub::tests
