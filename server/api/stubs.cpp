// SPDX-License-Identifier: Apache-2.0
// Requests that clients make silently and that need nothing but an answer (hub-api section 1.6).
#include "server/api/handlers.h"

namespace railhub::server::api {

Reply telemetry(Call& /*call*/) {
    return http::Response::empty(200);
}

Reply agent_harnesses(Call& /*call*/) {
    return http::Response::json(
        200,
        util::Json::object(
            {{"standardEnvVars", util::Json::array()}, {"harnesses", util::Json::object()}}
        )
    );
}

Reply space_templates(Call& /*call*/) {
    return http::Response::json(200, util::Json::array());
}

} // namespace railhub::server::api
