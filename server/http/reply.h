// SPDX-License-Identifier: Apache-2.0
// From a handler's response to the bytes of an answer: conditions and ranges applied, headers
// cleaned, framing chosen.
#pragma once

#include "core/util/clock.h"
#include "server/http/outgoing.h"
#include "server/http/request.h"
#include "server/http/response.h"

#include <functional>
#include <string>
#include <string_view>

namespace railhub::http {

enum class Persistence : std::uint8_t { Close, KeepAlive };
enum class Protocol : std::uint8_t { Http10, Http11 };

// What the connection says about the answer.
struct ReplyFrame {
    Protocol protocol = Protocol::Http11;
    Persistence persistence = Persistence::KeepAlive;
    std::string_view date; // as it goes into the header
};

struct Reply {
    int status = 200;
    Persistence persistence = Persistence::KeepAlive;
    Outgoing outgoing; // all of the answer, unless it streams
    // Set for a StreamBody that is to be sent: its head goes out with the first bytes.
    std::function<util::Result<>(util::Writer&)> produce;
    std::string stream_head;
    bool is_chunked = false;
};

// Pure. Precondition: a mapped file body holds the whole file.
Reply make_reply(const Request& request, Response response, const ReplyFrame& frame);

// {"error": message} with X-Error-Message, for refusals and for handlers that failed.
Response error_response(int status, const std::string& message);

// "Fri, 02 Oct 2026 09:15:30 GMT" (RFC 9110 section 5.6.7).
std::string http_date(util::TimePoint time);

// A value that may stand in a header: control characters become blanks, UTF-8 becomes Latin-1, what
// that cannot say becomes '?'.
std::string clean_header_value(std::string_view value);

} // namespace railhub::http
