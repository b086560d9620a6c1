// SPDX-License-Identifier: Apache-2.0
// Keys that the server makes for itself once and keeps in the database.
#pragma once

#include "core/app/deps.h"

namespace railhub::app {

// 32 random bytes under this name; made on first use, the same for every node of the database.
util::Result<util::Bytes>
server_secret(const util::Context& ctx, Deps& deps, std::string_view name);

} // namespace railhub::app
