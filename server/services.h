// SPDX-License-Identifier: Apache-2.0
// What every handler may use: use case dependencies, limits, signed links, caches, counters.
#pragma once

#include "core/app/deps.h"
#include "server/config.h"
#include "server/data_link.h"
#include "server/file_cache.h"
#include "server/metrics.h"
#include "server/middleware/token_cache.h"
#include "server/signed_link.h"
#include "server/xet_token.h"

namespace railhub::server {

// Built once in serve(); outlives the HTTP server. Safe from any thread.
struct Services {
    util::Context ctx;
    app::Deps& deps;
    Limits limits;
    LinkSigner signer;
    XetTokens xet_tokens;
    DataLinks data_links;
    util::Bytes dedup_secret; // answers to chunk queries are keyed from it
    TokenCache tokens = {};
    FileCache files = {};
    Metrics metrics = {};
};

} // namespace railhub::server
