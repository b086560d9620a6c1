// SPDX-License-Identifier: Apache-2.0
// Merging a pull request into the default branch: the same card check and the same license gate as
// for a push, on the tree that the merge makes.
#pragma once

#include "core/access/permissions.h"
#include "core/app/check.h"
#include "core/app/deps.h"
#include "core/types/oid.h"
#include "core/types/repo_id.h"

#include <optional>

namespace railhub::app {

struct MergeAnswer {
    std::optional<types::Oid> commit; // nullopt: the license gate refused, and nothing changed
    GateAnswer gate;
};

// One commit with the tip of the branch and of the request as parents. Files that changed on one
// side are taken from there. NotFound: no such request; Conflict: it is closed or merged, or a file
// changed on both sides; PermissionDenied for those who may not write to the branch.
util::Result<MergeAnswer> merge_pull_request(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    std::int64_t number
);

} // namespace railhub::app
