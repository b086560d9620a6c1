// SPDX-License-Identifier: Apache-2.0
// The list of repositories in the database: create, find, list, rename, delete. All calls run
// inside the caller's transaction. Lookups ignore letter case and give the canonical one.
#pragma once

#include "core/db/database.h"
#include "core/types/blob_ref.h"
#include "core/types/repo_id.h"
#include "core/util/digest.h"
#include "core/util/json.h"
#include "core/util/random.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace railhub::repo {

struct RepoRecord {
    std::int64_t row = 0;  // database id
    std::string public_id; // 24 hex characters
    types::RepoId id;      // canonical case
    bool is_private = false;
    std::string creator; // user name
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;   // last change of the default branch
    std::string default_branch;    // short name
    std::string license_gate;      // "", "off", "warn", "enforce"; "" = the server's
    std::string head;              // 40 hex of the default branch's tip, empty while there is none
    std::vector<std::string> tags; // derived from the card at head (hub-api 12.2), sorted
    util::Json card;               // front matter at head as JSON; null without
};

struct NewRepo {
    types::RepoId id;
    bool is_private = false;
    std::string creator;
};

// AlreadyExists when taken (any case).
util::Result<RepoRecord>
create_repo(db::Transaction& tx, util::Random& random, std::int64_t now_ms, const NewRepo& wanted);

// By id in any letter case; follows renames (`moved_from` is then set to the id asked for).
struct FoundRepo {
    RepoRecord record;
    bool is_renamed = false;
};

util::Result<std::optional<FoundRepo>> find_repo(db::Transaction& tx, const types::RepoId& id);
util::Result<std::optional<RepoRecord>> find_repo_row(db::Transaction& tx, std::int64_t row);

enum class RepoSort : std::uint8_t { Updated, Created, Name };

// Which repos a caller may see at all is part of the filter, so that private ones never leak into a
// page: visible_owners lists namespaces whose private repos are visible; sees_all for site admins.
struct RepoFilter {
    types::RepoKind kind = types::RepoKind::Model;
    std::vector<std::string> search; // substrings of owner/name, AND, any case
    std::string owner;               // exact, any case; empty = all
    std::vector<std::string> tags;   // AND
    RepoSort sort = RepoSort::Updated;
    std::vector<std::string> visible_owners;
    bool sees_all = false;
    std::size_t limit = 1000;
    std::string cursor; // opaque, from RepoPage
};

struct RepoPage {
    std::vector<RepoRecord> repos;
    std::string next_cursor; // empty at the end
};

util::Result<RepoPage> list_repos(db::Transaction& tx, const RepoFilter& filter);
util::Result<> set_private(db::Transaction& tx, std::int64_t row, bool is_private);
util::Result<> set_license_gate(db::Transaction& tx, std::int64_t row, std::string_view policy);
util::Result<>
rename_repo(db::Transaction& tx, std::int64_t row, const types::RepoId& to, std::int64_t now_ms);
// The repo is gone and its name free at once. Its git objects and what it linked stay until the
// collector takes them (dead_repos.h).
util::Result<> delete_repo(db::Transaction& tx, std::int64_t row, std::int64_t now_ms);
// Large files linked to the repo (by commit or push): may this repo read that blob?
util::Result<bool> is_lfs_linked(db::Transaction& tx, std::int64_t row, const util::Sha256& sha256);

// apply_push links what a push adds; uploads through a repo may be linked before. Again is success.
util::Result<> link_lfs(db::Transaction& tx, std::int64_t row, const types::BlobRef& blob);

// Rows of the repos that blob is linked to, at most `limit`.
util::Result<std::vector<std::int64_t>>
repos_linking_lfs(db::Transaction& tx, const util::Sha256& sha256, std::size_t limit);

} // namespace railhub::repo
