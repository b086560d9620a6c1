// SPDX-License-Identifier: Apache-2.0
// TempDir: a folder of its own for a test, gone with all it holds when the test ends.
#pragma once

#include <string>
#include <string_view>

namespace railhub::tests {

// One thread at a time.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    // Path of something in it.
    [[nodiscard]] std::string file(std::string_view name) const;

  private:
    std::string path_;
};

} // namespace railhub::tests
