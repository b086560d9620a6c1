// SPDX-License-Identifier: Apache-2.0
// What may not enter by either door (hub-api section 9.7): files that belong into large file
// storage, pointers without their object, forbidden paths, overfull folders, cards that are not
// valid.
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"
#include "core/repo/push.h"

#include <string>
#include <vector>

namespace railhub::app {

inline constexpr std::size_t kMaxFilesPerFolder = 10'000;

// Lines for the person who pushes; empty: nothing to object. `tips` are the new values of the refs
// that change; all new commits are looked at, not only the tips.
util::Result<std::vector<std::string>> objections_to_push(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    const access::Identity& who,
    repo::Stage& stage,
    const std::vector<types::Oid>& tips
);

// The card of `commit`, if it is not the one of `before` (which may be unset): one line per error.
util::Result<std::vector<std::string>> objections_to_card(
    repo::Repository& repository, const types::Oid& commit, const std::optional<types::Oid>& before
);

} // namespace railhub::app
