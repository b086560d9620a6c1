// SPDX-License-Identifier: Apache-2.0
// The report as body, its sentence as header.
#include "server/api/gate_reply.h"

#include "core/report/formats.h"

namespace railhub::server::api {

http::Response gate_refusal(const app::GateAnswer& gate) {
    auto body = report::to_json(gate.report);
    body.set("error", gate.message);
    auto response = http::Response::json(403, body);
    response.header("X-Error-Message", gate.message);
    response.log_note = "license-gate";
    return response;
}

void add_gate_warning(http::Response& response, const app::GateAnswer& gate) {
    if (gate.decision == app::GateAnswer::Decision::PassWithWarning) {
        response.header("X-HF-Warning", "license; " + gate.message);
    }
}

} // namespace railhub::server::api
