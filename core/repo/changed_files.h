// SPDX-License-Identifier: Apache-2.0
// What git knows of the files in somebody's work tree: which it keeps, and which changed.
#pragma once

#include "core/util/result.h"

#include <set>
#include <string>
#include <vector>

namespace railhub::repo {

// Files below `folder`, relative to it, that differ between the commit at which HEAD left
// `revision` (itself, when HEAD comes from it) and the work tree: committed, staged, edited or not
// yet added, ignored ones aside. A deleted file is in it too. NotFound: `folder` lies in no work
// tree, or there is no such revision.
util::Result<std::set<std::string>>
changed_files(const std::string& folder, const std::string& revision);

// Files below `folder`, relative to it, that the index of its work tree holds; sorted. NotFound:
// `folder` lies in no work tree.
util::Result<std::vector<std::string>> tracked_files(const std::string& folder);

} // namespace railhub::repo
