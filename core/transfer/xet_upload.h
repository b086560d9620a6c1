// SPDX-License-Identifier: Apache-2.0
// Uploads through Xet: chunks that the server has are named, the rest is packed and sent, then the
// files are registered (xet specification, section 6.1). Internal to core/transfer.
#pragma once

#include "core/transfer/cas_client.h"
#include "core/transfer/upload.h"

namespace railhub::transfer {

// Contents must differ. When the server does not agree with what was remembered of it, all is
// deduplicated anew without that.
util::Result<TransferTotals> upload_by_xet(
    const util::Context& ctx,
    const PushTools& tools,
    const PushRequest& request,
    const CasClient& cas,
    std::span<const Upload> uploads
);

} // namespace railhub::transfer
