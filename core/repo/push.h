// SPDX-License-Identifier: Apache-2.0
// The push transaction: objects, refs from their expected values, path index, LFS links, derived
// card data and an audit row become visible together or not at all (docs/adr: git objects in the
// database).
#pragma once

#include "core/repo/stage.h"

namespace railhub::repo {

struct RefChange {
    std::string name;               // full ref name
    std::optional<types::Oid> from; // expected value; nullopt = must not exist
    std::optional<types::Oid> to;   // nullopt = delete
};

// Data derived from the new tip of the default branch; filled by app (card parsing lives above
// repo).
struct DerivedFacts {
    std::vector<std::string> tags;
    util::Json card;
};

struct PushRequest {
    std::vector<RefChange> changes;
    std::string actor; // user name
    std::string door;  // "api" or "git"
    std::int64_t now_ms = 0;
    std::optional<DerivedFacts> derived; // when the default branch moved
};

// Inside the caller's write transaction, which the caller commits. Conflict when a ref is not at
// its expected value. `stage` must have been opened on the same write transaction, or hold only
// objects that do not depend on uncommitted state.
util::Result<> apply_push(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const RepoRecord& record,
    Stage& stage,
    const PushRequest& request
);

// A file that a push adds or changes, seen over all new commits (not only the tip).
struct NewFile {
    std::string path;
    EntryKind kind = EntryKind::File;
    types::Oid oid;
    std::uint64_t size = 0;            // of the git blob
    std::optional<types::BlobRef> lfs; // when it is a pointer
    types::Oid commit;
};

// Blobs reachable from `tips` that no stored ref of the repo reaches, with one path each; visitor
// returns an error to stop. For receive checks and LFS links.
util::Result<> visit_new_files(
    const util::Context& ctx,
    Stage& stage,
    const std::vector<types::Oid>& tips,
    const std::function<util::Result<>(const NewFile&)>& visit
);

struct AuditRow {
    std::int64_t at_ms = 0;
    std::string actor;
    std::string action;
    std::string subject;
    std::string detail; // JSON
};

util::Result<> add_audit(db::Transaction& tx, const AuditRow& row);

} // namespace railhub::repo
