// SPDX-License-Identifier: Apache-2.0
// Extend: a railhub.toml that rests on another one, such as the policy of a company. What the
// nearer file says wins; lists add up.
#pragma once

#include "core/project/read.h"
#include "core/util/context.h"
#include "core/util/fs.h"

#include <string>

namespace railhub::project {

inline constexpr std::size_t kMaxExtends = 8;

// Files of repositories, for `extends = "hub owner/name@revision"`.
class PolicySource {
  public:
    virtual ~PolicySource() = default;
    // Text of `path` in the repository "[datasets/]owner/name" at a revision (empty: main).
    virtual util::Result<std::string> policy(
        const util::Context& ctx,
        const std::string& repo,
        const std::string& revision,
        const std::string& path
    ) = 0;
};

// Reads `name` below `folder` and all that it extends; places are relative to the folder. `hub` may
// be null: then such an address is an Error of code Unavailable. Mistakes are those of all files;
// cycles and more than kMaxExtends files are among them. Errors: files that cannot be read.
util::Result<Reading> read_project_file(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& folder,
    const std::string& name,
    PolicySource* hub
);

// `near` on top of `base`.
Project extended_by(Project base, Project near);

} // namespace railhub::project
