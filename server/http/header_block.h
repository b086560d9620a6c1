// SPDX-License-Identifier: Apache-2.0
// The strict reader of a request head: what it lets through has one meaning for every server and
// proxy on the way (RFC 9112; request smuggling, header injection, oversized heads).
#pragma once

#include "server/http/request.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace railhub::http {

// Why a request is turned away before any handler sees it.
struct Refusal {
    int status = 400;
    std::string message;
};

struct HeadLimits {
    std::size_t max_bytes = std::size_t{32} * 1024;
    std::size_t max_lines = 100;
};

// A request line and its headers. `target` is as sent.
struct Head {
    Method method = Method::Get;
    std::string target;
    bool is_http10 = false;
    Headers headers;
    std::optional<std::uint64_t> content_length;
    bool is_chunked = false;
    bool expects_continue = false;
    bool keep_alive = true;
};

// Where the head ends in `bytes` (just behind its empty line), or nullopt while it is incomplete.
// `scanned` remembers how far an earlier call looked. Also ends at a bare LF LF, so that such a
// head is refused at once and not at its deadline.
std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t& scanned);

// `bytes` is a whole head, up to and with its empty line. Refuses: more bytes or lines than
// allowed, line ends other than CRLF, folded lines, control characters, blanks around a name,
// repeated Host, Content-Length or Transfer-Encoding, a length that is not all digits, both
// framings at once, codings other than chunked, HTTP/1.1 without Host, expectations other than
// 100-continue. Pure.
std::optional<Refusal> parse_head(std::string_view bytes, const HeadLimits& limits, Head& head);

} // namespace railhub::http
