// SPDX-License-Identifier: Apache-2.0
// Make and remove branches and tags (hub-api section 7.1).
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"
#include "core/app/reasons.h"
#include "core/repo/repo_index.h"
#include "core/types/oid.h"

#include <string>

namespace railhub::app {

struct BranchWish {
    std::string name;
    std::string start = {}; // revision; empty: the default branch
    enum class Content : std::uint8_t { OfStart, Empty } content = Content::OfStart;
    enum class IfThere : std::uint8_t { Refuse, Overwrite } if_there = IfThere::Refuse;
};

// AlreadyExists "Reference refs/heads/x already exists"; InvalidInput "Invalid reference for a
// branch"; kRevisionMissing for the start. Overwriting without saying with what changes nothing.
util::Result<> make_branch(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const BranchWish& wish
);
// PermissionDenied for the default branch, kRevisionMissing when there is none of that name.
util::Result<> remove_branch(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const std::string& name
);

struct SquashWish {
    std::string ref; // branch, or refs/pr/N, refs/convert/x
    std::string message;
};

// The ref becomes one commit without parents and with the same files; returns it. What only the old
// history had is garbage from then on. kRevisionMissing when there is no such ref; InvalidInput for
// a long message.
util::Result<types::Oid> squash_history(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const SquashWish& wish
);

struct TagWish {
    std::string name;
    std::string revision;
    std::string message; // empty: a lightweight tag
};

util::Result<> make_tag(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const TagWish& wish
);
util::Result<> remove_tag(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const std::string& name
);

} // namespace railhub::app
