// SPDX-License-Identifier: Apache-2.0
// Rights of requests to the Xet door: from the token in the header to user and repo as of now.
#pragma once

#include "server/call.h"

namespace railhub::server {

// Seal and expiry only, nothing is asked of the database. Sets call.xet.
util::Result<> read_xet_token(Call& call);

// Then user, repo and rights. Sets call.tx, call.identity, call.repo and call.id. Unauthenticated
// when the user or his right to read is gone, PermissionDenied when the token or the user may not
// write.
util::Result<> admit_xet(Call& call, XetClaim::Access need);

} // namespace railhub::server
