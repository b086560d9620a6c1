// SPDX-License-Identifier: Apache-2.0
// Check of one repo's history: refs resolve, all that is reachable is there and intact, the path
// index says what the trees say, large files are in the blob store. For `railhub admin fsck`.
#pragma once

#include "core/repo/repo_index.h"
#include "core/storage/blobs.h"

#include <functional>
#include <string>

namespace railhub::repo {

struct HistoryFault {
    std::string
        subject; // "ref 'refs/heads/main'", "object '1a2b...'", "path 'a/b' of branch 'main'"
    std::string problem; // lower case, no full stop
};

using HistoryFaultSink = std::function<util::Result<>(const HistoryFault&)>;

// Errors are those of reading at all; faults go to `sink`, whose error stops the check. Does not
// re-hash large files (Blobs::verify does); all else is hashed.
util::Result<> check_history(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const RepoRecord& record,
    const HistoryFaultSink& sink
);

} // namespace railhub::repo
