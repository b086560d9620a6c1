// SPDX-License-Identifier: Apache-2.0
// Upload: large files to the hub's object store, what it does not have yet, in parallel (hub-api
// section 9), through LFS. Internal to core/transfer.
#pragma once

#include "core/transfer/push.h"

namespace railhub::transfer {

struct Upload {
    std::string local;
    types::BlobRef blob;
    FileStamp stamp;
    ChunkList chunks; // for Xet
};

// Contents must differ. Asks the hub again for each group, so that addresses are fresh and what
// another client sent meanwhile is not sent again.
util::Result<TransferTotals> upload_by_lfs(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    std::span<const Upload> uploads
);

} // namespace railhub::transfer
