// SPDX-License-Identifier: Apache-2.0
// The license gate on a push: policy of the repo or of the server, lineage of this hub, rights of
// the one who pushes.
#pragma once

#include "core/access/permissions.h"
#include "core/app/check.h"
#include "core/app/deps.h"
#include "core/repo/repository.h"

namespace railhub::app {

// The repo's own setting, else the server's.
GateMode gate_mode_of(const Deps& deps, const repo::RepoRecord& record);

// Judges the tree of `commit`, which `repository` can read (stored or staged).
util::Result<GateAnswer> pass_gate(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const access::Identity& who,
    repo::Repository& repository,
    const types::Oid& commit
);

} // namespace railhub::app
