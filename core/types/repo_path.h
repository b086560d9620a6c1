// SPDX-License-Identifier: Apache-2.0
// RepoPath: a relative path inside a repository; anything dangerous cannot be made.
#pragma once

#include "core/util/result.h"

#include <compare>
#include <string>
#include <string_view>

namespace railhub::types {

// Immutable value. UTF-8, at most 1000 bytes, components separated by '/', none of them empty, ".",
// ".." or ".git" (any case, also as NTFS/HFS tricks), no NUL, no control characters, no backslash.
class RepoPath {
  public:
    // InvalidInput with the reason. A trailing slash is an error; strip it before if it may occur.
    static util::Result<RepoPath> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }

    [[nodiscard]] std::string_view file_name() const;
    // Folder part without slash; empty at the root.
    [[nodiscard]] std::string_view folder() const;

    auto operator<=>(const RepoPath&) const = default;

  private:
    explicit RepoPath(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

} // namespace railhub::types
