// SPDX-License-Identifier: Apache-2.0
// PathLedger: notices when a commit would make one path a file and a folder at once, which would
// silently drop what is there.
#pragma once

#include "core/repo/repository.h"

#include <optional>
#include <set>
#include <string>

namespace railhub::app {

// Follows the operations of one commit in order. One thread at a time.
class PathLedger {
  public:
    // What the commit is built on; `repository` is borrowed.
    PathLedger(repo::Repository& repository, std::optional<types::Oid> base)
        : repository_(repository), base_(base) {}

    // A file is put at this path. InvalidInput (kUnprocessable) when it lies below a file, or where
    // a folder is.
    util::Result<> put(const types::RepoPath& path);
    // The path, or all below it, is deleted.
    void remove(const types::RepoPath& path);

  private:
    util::Result<bool> is_file(const std::string& path);
    util::Result<bool> is_folder(const std::string& path);
    [[nodiscard]] bool is_removed(const std::string& path) const;
    util::Result<std::optional<repo::EntryKind>> base_kind(const std::string& path);

    repo::Repository& repository_;
    std::optional<types::Oid> base_;
    std::set<std::string> put_;
    std::set<std::string> removed_;
    std::set<std::string> known_folders_; // asked before, or made by a put
};

} // namespace railhub::app
