// SPDX-License-Identifier: Apache-2.0
// A repo at a revision as a Source, also one that is still on the stage.
#pragma once

#include "core/app/source.h"
#include "core/repo/repository.h"

#include <memory>

namespace railhub::app {

// `repository` is borrowed. TooLarge past 200,000 files.
std::unique_ptr<Source>
make_repository_source(repo::Repository& repository, const types::Oid& commit);

// All files of a commit as entries; TooLarge past kMaxListedFiles. With Detail::Names sizes and
// large files may be left out.
util::Result<std::vector<repo::TreeEntry>> all_files(
    const util::Context& ctx,
    repo::Repository& repository,
    const types::Oid& commit,
    repo::ListOptions::Detail detail
);

inline constexpr std::size_t kMaxListedFiles = 1'000'000;

} // namespace railhub::app
