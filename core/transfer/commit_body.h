// SPDX-License-Identifier: Apache-2.0
// The NDJSON body of a commit (hub-api 7.4), written line by line while it is sent: no more than
// one small file is in memory. Internal to core/transfer.
#pragma once

#include "core/transfer/push.h"

namespace railhub::transfer {

// Request and plan must outlive the body. Deletions come first, then files by path.
HttpBody commit_body(util::Fs& fs, const PushRequest& request, const PushPlan& plan);

} // namespace railhub::transfer
