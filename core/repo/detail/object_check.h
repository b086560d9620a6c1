// SPDX-License-Identifier: Apache-2.0
// Syntax of received objects, as strict as `git fsck --strict`, and names that RepoPath allows:
// what passes is safe to store, to show and to check out anywhere.
#pragma once

#include "core/repo/detail/object.h"

namespace railhub::repo::detail {

// InvalidInput: "<type> '<oid>' <reason>".
util::Result<> check_object(const types::Oid& oid, ObjectType type, util::ByteView bytes);

// Content of a blob that a tree calls ".gitmodules": names, urls and paths that could be taken for
// options or lead out of the work tree.
util::Result<> check_gitmodules(const types::Oid& oid, util::ByteView bytes);

} // namespace railhub::repo::detail
