// SPDX-License-Identifier: Apache-2.0
// Make, delete, rename and set up repos (hub-api section 4).
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"
#include "core/app/reasons.h"
#include "core/repo/repo_index.h"
#include "core/repo/stage.h"

#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

struct RepoWish {
    types::RepoKind kind = types::RepoKind::Model;
    std::string owner; // empty: the caller's own namespace
    std::string name;
    enum class Visibility : std::uint8_t { Public, Private } visibility = Visibility::Public;
    std::string license = {}; // makes a README.md with it
    std::string license_name = {};
    std::string license_link = {};
    std::vector<repo::PutFile> files = {}; // of the first commit; they override generated ones
};

struct MadeRepo {
    repo::RepoRecord record;
    enum class State : std::uint8_t { Made, WasThere } state = State::Made;
};

// The repo with its first commit ("initial commit": .gitattributes, README.md with a license).
// WasThere: the caller may read the repo of that name. PermissionDenied for namespaces of others,
// also when a repo is there that the caller must not know of.
util::Result<MadeRepo>
make_repo(const util::Context& ctx, Deps& deps, const access::Identity& who, const RepoWish& wish);

// All rows go, the name is free at once; blobs stay until garbage collection.
util::Result<> remove_repo(
    const util::Context& ctx, Deps& deps, const access::Identity& who, const types::RepoId& id
);

struct RepoSettings {
    std::optional<bool> is_private = {};
    std::optional<std::string> license_gate = {}; // "", "off", "warn", "enforce"
};

// The record after the change. Needs Admin.
util::Result<repo::RepoRecord> change_settings(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& id,
    const RepoSettings& settings
);

// AlreadyExists when `to` is taken. Needs Admin here and the right to create there.
util::Result<> move_repo(
    const util::Context& ctx,
    Deps& deps,
    const access::Identity& who,
    const types::RepoId& from,
    const types::RepoId& to
);

} // namespace railhub::app
