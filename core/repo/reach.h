// SPDX-License-Identifier: Apache-2.0
// What the refs of a repo reach, what they do not, and how that goes to the trash and comes back.
// For the collector (core/collect).
#pragma once

#include "core/repo/repo_index.h"
#include "core/storage/blobs.h"
#include "core/types/oid.h"

#include <vector>

namespace railhub::repo {

// Moves with every change of the repo's refs or stored objects.
util::Result<std::int64_t> change_generation(db::Transaction& tx, std::int64_t repo);
util::Result<> move_change_generation(db::Transaction& tx, std::int64_t repo);

struct Unreachable {
    std::int64_t generation = 0;
    // No ref reaches them, nothing that stays refers to them.
    std::vector<types::Oid> objects;
    std::uint64_t bytes = 0; // that their rows take
    // Linked, but all that points to them is in `objects`.
    std::vector<types::BlobRef> links;
    // For note_unreachable(): not reached by refs, and not known to be so; known, but reached.
    std::vector<types::Oid> newly_dead;
    std::vector<types::Oid> revived;
    bool is_clean = false; // every stored object is reached
};

// Objects that are unreachable since `cutoff_ms` or before; what is seen so the first time is so
// since now_ms. Younger ones stay, and what they refer to. Corrupt when the history is not whole:
// then nobody can say.
util::Result<Unreachable> find_unreachable(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    std::int64_t repo,
    std::int64_t cutoff_ms,
    std::int64_t now_ms
);
// The same when nothing but `candidates` may go: all others stay, and what they refer to.
util::Result<Unreachable> still_unreachable(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    std::int64_t repo,
    const std::vector<types::Oid>& candidates
);
// Remembers what was seen, unless the repo changed meanwhile.
util::Result<> note_unreachable(
    db::Transaction& tx, std::int64_t repo, const Unreachable& seen, std::int64_t now_ms
);

// Moves rows under the trash entry; the caller has made sure that `what` is still so.
util::Result<>
trash_history(db::Transaction& tx, std::int64_t repo, std::int64_t trash, const Unreachable& what);
// And back. They are taken for unreachable since now.
util::Result<>
restore_history(db::Transaction& tx, std::int64_t repo, std::int64_t trash, std::int64_t now_ms);
util::Result<> drop_trashed_history(db::Transaction& tx, std::int64_t trash);

} // namespace railhub::repo
