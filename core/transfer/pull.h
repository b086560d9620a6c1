// SPDX-License-Identifier: Apache-2.0
// Pull: a revision of a repo -> the cache or a folder. First a plan (nothing is written), then the
// doing; both say the same about what is fetched.
#pragma once

#include "core/transfer/cache.h"
#include "core/transfer/download.h"

namespace railhub::transfer {

// How large files travel.
enum class PullWay : std::uint8_t {
    Best, // through Xet where that saves bytes
    Plain,
};

struct PullRequest {
    types::RepoId id = {};
    std::string revision = "main";         // branch, tag or commit
    std::vector<std::string> files = {};   // exact paths; empty = all
    std::vector<std::string> include = {}; // globs; empty = all
    std::vector<std::string> exclude = {};
    std::string cache_folder = {};
    std::string local_folder = {}; // empty: into the cache
    DownloadOptions download = {};
    PullWay way = PullWay::Best;
};

enum class PullState : std::uint8_t {
    Present, // in place
    Linked,  // its bytes are in the cache already; only a link is missing
    Fetched, // must be downloaded
};

struct PullItem {
    RemoteEntry entry;
    PullState state = PullState::Fetched;
};

struct PullPlan {
    std::string commit;
    std::vector<RemoteEntry> tree; // all of the revision
    std::vector<PullItem> items;   // what was asked for, by path
    std::string target;            // folder in which the files are afterwards

    [[nodiscard]] std::uint64_t total_bytes() const;
    // Each content once.
    [[nodiscard]] std::uint64_t fetch_bytes() const;
    [[nodiscard]] std::size_t count(PullState state) const;
};

// NotFound when a path of `files` is not in the revision (the cache remembers that).
util::Result<PullPlan>
plan_pull(const util::Context& ctx, const HubClient& hub, util::Fs& fs, const PullRequest& request);

// The same from what the cache knows. NotFound when it does not have all that is asked for.
util::Result<PullPlan> plan_offline(util::Fs& fs, const PullRequest& request);

// Makes the links that a plan from the cache lacks.
util::Result<> run_offline(util::Fs& fs, const PullRequest& request, const PullPlan& plan);

struct PullResult {
    std::uint64_t reused_bytes = 0; // taken from older versions in the cache
    std::uint64_t xet_bytes = 0;    // that came through Xet
};

util::Result<PullResult> run_pull(
    const util::Context& ctx,
    const HubClient& hub,
    util::Random& random,
    util::Fs& fs,
    const PullRequest& request,
    const PullPlan& plan
);

} // namespace railhub::transfer
