// SPDX-License-Identifier: Apache-2.0
// What `check` looks at, and whom it asks about base models: the hub, else the cache.
#pragma once

#include "cli/connect.h"
#include "core/app/check.h"

namespace railhub::cli {

struct CheckTarget {
    std::unique_ptr<Connection> connection; // null when offline
    std::unique_ptr<app::Source> source;
    std::unique_ptr<app::LineageResolver> resolver;
    types::RepoKind kind = types::RepoKind::Model;
    std::string id;       // "owner/name" of a repository; empty for a folder
    std::string revision; // commit of a repository
};

// The operand SOURCE: something on disk wins over a repository of that name.
util::Result<std::unique_ptr<CheckTarget>> open_check_target(Shell& shell, const Args& args);

// Cards of upstream repositories from a hub. Borrowed.
std::unique_ptr<app::LineageResolver> make_hub_resolver(const transfer::HubClient& hub);
// From the cache: what was pulled before; everything else could not be asked. Borrowed.
std::unique_ptr<app::LineageResolver> make_cache_resolver(util::Fs& fs, std::string cache_folder);

} // namespace railhub::cli
