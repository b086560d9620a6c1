// SPDX-License-Identifier: Apache-2.0
// Generations: two counters in the database that move with everything an answer could be cached
// from. Whoever caches compares them in the transaction that serves the request, so that a revoked
// token or a moved branch counts at once, also when another process changed it.
#pragma once

#include "core/db/database.h"

#include <cstdint>

namespace railhub::access {

struct Generations {
    std::int64_t access = 0;  // accounts, memberships, tokens
    std::int64_t content = 0; // repos and refs

    auto operator<=>(const Generations&) const = default;
};

util::Result<Generations> generations(db::Transaction& tx);
util::Result<> move_access_generation(db::Transaction& tx);
util::Result<> move_content_generation(db::Transaction& tx);

} // namespace railhub::access
