// SPDX-License-Identifier: Apache-2.0
// For whoever watches the server. /metrics is answered in serve.cpp, which owns the HTTP counters.
#include "core/access/generation.h"
#include "server/api/handlers.h"

namespace railhub::server::api {

Reply healthz(Call& /*call*/) {
    return http::Response::text(200, "ok\n");
}

Reply readyz(Call& call) {
    const auto database_answers = [&]() -> util::Result<> {
        RAILHUB_TRY(auto tx, call.deps().database.begin_read(call.ctx));
        RAILHUB_TRY(access::generations(*tx));
        return {};
    };
    return database_answers().ok() ? http::Response::text(200, "ready\n")
                                   : http::Response::text(503, "the database does not answer\n");
}

} // namespace railhub::server::api
