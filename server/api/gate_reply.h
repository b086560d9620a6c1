// SPDX-License-Identifier: Apache-2.0
// What a closed license gate answers, whichever door was taken.
#pragma once

#include "core/app/check.h"
#include "server/http/response.h"

namespace railhub::server::api {

// 403 with the report that `railhub check` prints, and the sentence that clients show.
http::Response gate_refusal(const app::GateAnswer& gate);

// Adds what an open gate had to say, if anything.
void add_gate_warning(http::Response& response, const app::GateAnswer& gate);

} // namespace railhub::server::api
