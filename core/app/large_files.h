// SPDX-License-Identifier: Apache-2.0
// Large files on their way into a repo: what is here already, what was received.
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"

namespace railhub::app {

// For bytes that were just received: they get a file hash and can be found by their chunks, and it
// is remembered that this account handed them over for this repo, so that a commit may link them.
// An empty list for a blob that is not empty is made here, by reading the blob.
util::Result<> register_upload(
    const util::Context& ctx,
    Deps& deps,
    const cas::Uploader& uploader,
    const types::BlobRef& blob,
    std::vector<xet::Leaf> chunks
);

// True when nothing needs to be sent: the bytes are in the store and this repo may link them
// because they were sent to it or are in it. Bytes that only others have must be sent again: that
// is the proof of having them. The answer is a promise: the bytes stay for the grace of the
// collector, from now on. `tx` is a read.
util::Result<bool> is_here(
    const util::Context& ctx,
    Deps& deps,
    db::Transaction& tx,
    std::int64_t repo_row,
    const types::BlobRef& blob
);

} // namespace railhub::app
