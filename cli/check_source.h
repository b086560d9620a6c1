// SPDX-License-Identifier: Apache-2.0
// What `check` and `lineage` look at, and whom they ask about base models: the hub, else the cache.
#pragma once

#include "cli/connect.h"
#include "core/app/check.h"
#include "core/app/facts_cache.h"

namespace railhub::cli {

struct CheckTarget {
    std::unique_ptr<Connection> connection; // null when offline
    std::unique_ptr<app::Source> source;
    std::unique_ptr<app::LineageResolver> resolver;
    types::RepoKind kind = types::RepoKind::Model;
    std::string id;       // "owner/name" of a repository; empty for a folder
    std::string revision; // commit of a repository
    std::string folder;   // where it lies; empty for a repository
    origin::Overrides overrides;
};

// --overrides FILE
OptionSpec overrides_option();

// Whom to ask about upstreams: the hub, offline the cache. Borrows the catalogue.
util::Result<>
connect_target(Shell& shell, const license::Catalogue& catalogue, CheckTarget& target);

// The operand `operand`: something on disk wins over a repository of that name.
// Borrows the catalogue.
util::Result<std::unique_ptr<CheckTarget>> open_check_target(
    Shell& shell,
    const Args& args,
    const license::Catalogue& catalogue,
    std::string_view operand = "SOURCE"
);

// What the target says of itself, for a check. Borrows the disk.
app::CheckOptions options_for(Shell& shell, const CheckTarget& target);

// Upstream repositories of a hub; what was read once at a commit is kept in `cache`. Borrowed.
std::unique_ptr<app::LineageResolver> make_hub_resolver(
    const transfer::HubClient& hub, const license::Catalogue& catalogue, app::FactsCache cache
);
// What was pulled or asked for before; everything else could not be asked. Borrowed.
std::unique_ptr<app::LineageResolver> make_cache_resolver(
    util::Fs& fs,
    std::string cache_folder,
    std::string endpoint,
    const license::Catalogue& catalogue,
    app::FactsCache cache
);

} // namespace railhub::cli
