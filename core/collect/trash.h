// SPDX-License-Identifier: Apache-2.0
// The trash: what the collector took away, until its time is over.
#pragma once

#include "core/collect/places.h"

#include <string>
#include <vector>

namespace railhub::collect {

struct TrashEntry {
    std::int64_t id = 0;
    std::string kind;    // history, repo, upload, file, segment, object
    std::string subject; // sha256 of a file or object, hash of a xorb, public id of a repo
    std::string repo;    // models/acme/bert; empty when it is of several
    std::uint64_t bytes = 0;
    std::int64_t trashed_ms = 0;
    std::string detail; // for people
};

struct TrashPage {
    std::vector<TrashEntry> entries; // by id
    bool has_more = false;
};

util::Result<TrashPage>
list_trash(const util::Context& ctx, const Places& places, std::int64_t after, std::size_t limit);

struct TrashSum {
    std::uint64_t entries = 0;
    std::uint64_t store_bytes = 0;    // objects
    std::uint64_t database_bytes = 0; // git objects of histories and repos
};

util::Result<TrashSum> sum_trash(db::Transaction& tx);

// What to bring back: any of ids, sha256 of files, hashes of xorbs, names of repos
// ("models/acme/bert": the deleted repo, or all that was collected from it).
struct UndeleteWish {
    std::vector<std::string> what;
    // How long it is left alone although nothing may refer to it.
    std::chrono::milliseconds keep = kDefaultGrace;
};

struct Undeleted {
    std::uint64_t entries = 0;
    std::uint64_t objects = 0;
    std::vector<std::string> repos; // that came back as a whole
    // Commits that no branch reaches: make one there to keep them.
    std::vector<std::string> tips;
};

// All of it or nothing, with what it needs: a recipe with its xorbs, a history with its large
// files. NotFound when nothing of a name is in the trash or something it needs was emptied;
// AlreadyExists when a repo of the name is there again.
util::Result<Undeleted>
undelete(const util::Context& ctx, const Places& places, const UndeleteWish& wish);

struct Emptied {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
};

// Deletes for good what is longer in the trash than that; resumable.
util::Result<Emptied>
empty_trash(const util::Context& ctx, const Places& places, std::chrono::milliseconds older_than);

} // namespace railhub::collect
