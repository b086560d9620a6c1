// SPDX-License-Identifier: Apache-2.0
// Preupload: which files of a coming commit go to large file storage, which are ignored, and which
// are there already (hub-api section 7.3).
#pragma once

#include "core/app/locate.h"
#include "core/repo/placement.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

struct PlannedFile {
    types::RepoPath path;
    std::uint64_t size = 0;
    util::Bytes sample; // its first bytes
};

struct UploadPlan {
    struct Item {
        repo::UploadMode mode = repo::UploadMode::Regular;
        bool is_ignored = false;
        // What is at the path now: git blob sha1 of a regular file, sha256 of a large one; empty
        // when nothing is, or it is stored the other way than `mode`.
        std::string oid;
    };

    std::vector<Item> items; // one per file, in order
};

// `attributes` and `ignores` replace the files of the repo when given.
util::Result<UploadPlan> plan_upload(
    repo::Repository& repository,
    const std::optional<types::Oid>& commit,
    const std::vector<PlannedFile>& files,
    const std::optional<std::string>& attributes,
    const std::optional<std::string>& ignores
);

} // namespace railhub::app
