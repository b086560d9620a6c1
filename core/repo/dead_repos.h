// SPDX-License-Identifier: Apache-2.0
// Deleted repos: kept under their id until the collector drops them, so that a deletion can be
// taken back. For repo_index and the collector.
#pragma once

#include "core/repo/repo_index.h"
#include "core/storage/blobs.h"

#include <optional>
#include <vector>

namespace railhub::repo {

struct DeadRepo {
    std::int64_t row = 0;
    std::string public_id;
    types::RepoId id; // as it was
    std::int64_t deleted_ms = 0;
    std::optional<std::int64_t> trash; // entry of the trash it belongs to
};

// Notes what restore_repo() needs; delete_repo() calls it before it removes the rows.
util::Result<> bury_repo(db::Transaction& tx, std::int64_t row, std::int64_t now_ms);
util::Result<std::vector<DeadRepo>> list_dead_repos(db::Transaction& tx);
util::Result<std::optional<DeadRepo>> find_dead_repo(db::Transaction& tx, std::int64_t row);
util::Result<>
set_dead_repo_trash(db::Transaction& tx, std::int64_t row, std::optional<std::int64_t> trash);
// Bytes that its rows of git objects take.
util::Result<std::uint64_t> dead_repo_bytes(db::Transaction& tx, std::int64_t row);
// Everything as it was at the deletion. AlreadyExists when the name is taken by now.
util::Result<RepoRecord> restore_repo(
    const util::Context& ctx, db::Transaction& tx, storage::Blobs& blobs, std::int64_t row
);
// No way back.
util::Result<> drop_dead_repo(db::Transaction& tx, std::int64_t row);

} // namespace railhub::repo
