// SPDX-License-Identifier: Apache-2.0
// Publish: how new history becomes visible. Both doors, the commit API and git push, end here: same
// receive checks, same license gate, same derived data, one transaction.
#pragma once

#include "core/access/permissions.h"
#include "core/app/check.h"
#include "core/app/deps.h"
#include "core/app/reasons.h"
#include "core/repo/push.h"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace railhub::app {

// --- The commit API -----------------------------------------------------------------------------

// A file of the commit. Its bytes are asked for when it is this one's turn, so that only one
// content is in memory at a time; again when the branch moved meanwhile and the commit is built
// anew.
struct NewContent {
    types::RepoPath path;
    std::function<util::Result<std::string>()> bytes;
};

// Copies from a path of another revision of the same repo; empty revision: the branch.
struct CopyFrom {
    types::RepoPath path;
    types::RepoPath from;
    std::string revision;
};

// A large file by its hash; without size it is looked up.
struct NewLarge {
    types::RepoPath path;
    util::Sha256 sha256;
    std::optional<std::uint64_t> size;
};

using CommitOperation = std::variant<NewContent, NewLarge, CopyFrom, repo::DeletePath>;

struct CommitWish {
    types::RepoId repo;
    std::string revision; // a branch or refs/pr/N
    std::string title;
    std::string description;
    std::string parent; // full or short sha that the tip must have, or empty
    enum class PullRequest : std::uint8_t { No, Open } pull_request = PullRequest::No;
    std::vector<CommitOperation> operations; // in order
};

struct CommitAnswer {
    types::RepoId repo;                       // canonical name
    std::optional<types::Oid> commit;         // nullopt: the license gate refused
    std::optional<std::int64_t> pull_request; // its number, when one was opened
    GateAnswer gate;
};

// Errors beyond the usual: kRevisionMissing, kStaleParent (Conflict), kEntryMissing for deletions,
// kUnprocessable, InvalidInput for large files that were never uploaded and for cards that do not
// validate. Nothing is visible unless it succeeds. Without a parent it is rebased on the tip.
util::Result<CommitAnswer>
publish(const util::Context& ctx, Deps& deps, const access::Identity& who, const CommitWish& wish);

// --- git push -----------------------------------------------------------------------------------

struct GitPush {
    db::Transaction& tx; // read; the stage was opened on it
    const repo::RepoRecord& record;
    const access::Identity& who;
    access::Permission permission;
    std::vector<repo::RefChange> changes;
    enum class Atomic : std::uint8_t { No, Yes } atomic = Atomic::No;
};

struct RefOutcome {
    std::string name;
    std::string refusal; // for `ng <ref> <refusal>`; empty: accepted
};

struct PushOutcome {
    std::vector<RefOutcome> refs;      // one per change, in order
    std::vector<std::string> messages; // lines for the person who pushes (side band)
};

// `stage` holds the received objects. Checks per ref (rights, non-fast-forward, protected refs),
// then all new files (hub-api 9.7 a-g) and the license gate for the default branch; what passes is
// applied in one transaction that is durable when this returns. An Error means that nothing was
// applied.
util::Result<PushOutcome>
accept_push(const util::Context& ctx, Deps& deps, const GitPush& push, repo::Stage& stage);

} // namespace railhub::app
