// SPDX-License-Identifier: Apache-2.0
// From what a request names to what it may have: access -> repo -> revision -> entry. A private
// repo that the caller may not see and a repo that does not exist give the same error.
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"
#include "core/app/reasons.h"
#include "core/repo/repository.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace railhub::app {

struct FoundRepo {
    repo::RepoRecord record;
    access::Permission permission = access::Permission::Read; // what the caller may do
    bool is_renamed = false;                                  // found under an old name
};

access::RepoFacts facts_of(const repo::RepoRecord& record);

// NotFound (kRepoMissing) when it is absent or invisible. Unauthenticated or PermissionDenied when
// it is visible and `need` is more than the caller has.
util::Result<FoundRepo> find_repo(
    db::Transaction& tx,
    const access::Identity& who,
    const types::RepoId& id,
    access::Permission need
);

// Repository::resolve with the reason kRevisionMissing.
util::Result<repo::Resolved> resolve(repo::Repository& repository, std::string_view revision);

struct RevisionAndPath {
    repo::Resolved revision;
    std::string name; // the revision as it was named
    std::string path; // empty for the root; a trailing slash is gone
};

// Splits decoded URL segments into revision and path (hub-api section 2.4): refs/pr/N and
// refs/convert/x as written, else the first segment, else the longest branch or tag that fits.
util::Result<RevisionAndPath>
split_revision(repo::Repository& repository, std::span<const std::string> segments);

// NotFound (kEntryMissing) also for paths that cannot exist.
util::Result<repo::TreeEntry>
find_file(repo::Repository& repository, const types::Oid& commit, std::string_view path);

// May the caller make `repo` refer to this large file? It is linked to the repo, was uploaded to
// it, or is linked to another repo that the caller can read. The empty file is everybody's.
util::Result<bool> may_link(
    db::Transaction& tx,
    const access::Identity& who,
    std::int64_t repo_row,
    const util::Sha256& sha256
);
// The first two of these: without looking at other repos.
util::Result<bool>
may_link_own(db::Transaction& tx, std::int64_t repo_row, const util::Sha256& sha256);
// May a reader of the repo have the bytes?
util::Result<bool>
may_fetch(db::Transaction& tx, std::int64_t repo_row, const util::Sha256& sha256);

} // namespace railhub::app
