// SPDX-License-Identifier: Apache-2.0
// From a parsed head to the request that handlers see: path, query, who asks, and as whom the hub
// is addressed.
#pragma once

#include "server/http/header_block.h"
#include "server/http/request.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::http {

// What the connection and the configuration add to a head. Views live as long as the server.
struct Surroundings {
    std::string_view peer;          // address of the TCP peer
    std::string_view scheme;        // "http" or "https"
    std::string_view own_authority; // "127.0.0.1:8080": for HTTP/1.0 clients without Host
    std::string_view path_prefix;   // see ServerOptions
    std::string_view external_url;
    bool trust_forwarded = false;
};

// Fills everything but `body` and `request_id`; moves the headers out of `head`. Refuses targets
// that are no path, broken escapes, NUL, malformed Host, endless queries. Pure.
std::optional<Refusal> fill_request(Head& head, const Surroundings& around, Request& request);

// X-Request-Id or X-Amzn-Trace-Id of the client if it is short and harmless, else empty.
std::string_view client_request_id(const Headers& headers);

} // namespace railhub::http
