// SPDX-License-Identifier: Apache-2.0
// Large files on their way into a repo: what is here already, what was received.
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"

namespace railhub::app {

// Remembers that this account handed over the bytes for this repo, so that a commit may link them.
util::Result<> note_upload(
    const util::Context& ctx,
    Deps& deps,
    std::int64_t repo_row,
    std::int64_t account,
    const types::BlobRef& blob
);

// True when nothing needs to be sent: the bytes are in the store and this repo may link them
// because they were sent to it or are in it. Bytes that only others have must be sent again: that
// is the proof of having them.
util::Result<bool> is_here(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    std::int64_t repo_row,
    const types::BlobRef& blob
);

} // namespace railhub::app
