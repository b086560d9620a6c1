// SPDX-License-Identifier: Apache-2.0
// Plan: what a collection would take away, each thing by name, so that a person can look first. A
// list may be shortened by hand: what is not in it stays.
#pragma once

#include "core/types/blob_ref.h"
#include "core/types/oid.h"
#include "core/util/json.h"
#include "core/xet/hash.h"

#include <string>
#include <vector>

namespace railhub::collect {

// Git objects of one repo that nothing reaches, and its links to large files that go with them.
struct HistoryItem {
    std::int64_t row = 0;
    std::string public_id;
    std::string repo; // models/acme/bert
    std::vector<types::Oid> objects;
    std::vector<types::BlobRef> links;
    std::uint64_t bytes = 0; // that the objects take in the database
};

// A deleted repo as a whole.
struct DeadRepoItem {
    std::int64_t row = 0;
    std::string public_id;
    std::string repo;
    std::uint64_t bytes = 0;
};

// Received for a commit that never came.
struct UploadItem {
    std::int64_t row = 0; // of the repo
    std::string repo;
    types::BlobRef blob;
};

// The recipe of a file that no repo has.
struct FileItem {
    xet::Hash hash;
    types::BlobRef blob;
};

// A run of chunks that no recipe uses.
struct SegmentItem {
    xet::Hash hash;
    std::uint64_t bytes = 0; // of its own object; 0 for a part of a blob
    std::string repo;        // of which it is; empty: several, or nobody knows
};

// An object of the store that no row names.
struct ObjectItem {
    std::string key;
    std::uint64_t bytes = 0;
    std::string repo;
};

struct Plan {
    std::int64_t made_ms = 0;
    std::int64_t cutoff_ms = 0; // what was used after that stays
    std::vector<HistoryItem> histories;
    std::vector<DeadRepoItem> repos;
    std::vector<UploadItem> uploads;
    std::vector<FileItem> files;
    std::vector<SegmentItem> segments;
    std::vector<ObjectItem> objects;
    std::vector<ObjectItem> caches; // packs kept for clones of repos that are gone; deleted at once
    std::vector<std::string> skipped; // repos that cannot be read whole keep all they have

    [[nodiscard]] bool is_empty() const;
    // Of objects and segments: what the store gets back once the trash is emptied.
    [[nodiscard]] std::uint64_t store_bytes() const;
    // Of git objects: what the database gets back.
    [[nodiscard]] std::uint64_t database_bytes() const;
};

struct PlanShare {
    std::string name;
    std::uint64_t things = 0;
    std::uint64_t bytes = 0;
};

// By repo, and by owner; largest first. What belongs to no single repo has an empty name.
std::vector<PlanShare> shares_by_repo(const Plan& plan);
std::vector<PlanShare> shares_by_owner(const Plan& plan);

// schemas/gc-plan.v1.schema.json.
util::Json to_json(const Plan& plan);
// InvalidInput with what is wrong where.
util::Result<Plan> parse_plan(std::string_view text);

} // namespace railhub::collect
