// SPDX-License-Identifier: Apache-2.0
// Settle: the last step of every change to refs. Derived data of a new default tip is computed
// first; then one write transaction makes everything visible.
#pragma once

#include "core/app/deps.h"
#include "core/repo/push.h"

#include <functional>

namespace railhub::app {

// Adds to the transaction, or to the push, before it is applied; may be empty.
using Amendment = std::function<util::Result<>(db::Transaction&, repo::PushRequest&)>;

// Conflict when a ref is no longer where request.changes expects it; nothing is visible then.
// Durable when it returns.
util::Result<> settle(
    const util::Context& ctx,
    Deps& deps,
    const repo::RepoRecord& record,
    repo::Stage& stage,
    repo::PushRequest request,
    const Amendment& amendment = {}
);

// The same inside the caller's write transaction, which the caller commits.
util::Result<> settle_within(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const repo::RepoRecord& record,
    repo::Stage& stage,
    repo::PushRequest request
);

// The full name of the repo's default branch.
std::string default_ref(const repo::RepoRecord& record);

} // namespace railhub::app
