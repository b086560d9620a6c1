// SPDX-License-Identifier: Apache-2.0
// Line by line, each rule one function; the first breach decides the status.
#include "server/http/header_block.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::http {

namespace {

using Verdict = std::optional<Refusal>;

Verdict refuse(int status, std::string_view message) {
    return Refusal{status, std::string(message)};
}

bool is_token_char(char c) {
    const auto u = static_cast<unsigned char>(c);
    const bool is_alnum =
        (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z');
    return is_alnum || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_control(char c) {
    const auto u = static_cast<unsigned char>(c);
    return u < 0x20 || u == 0x7f;
}

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

// Is `word` an element of a comma-separated header value?
bool has_word(std::string_view list, std::string_view word) {
    for (const std::string_view element : util::split(list, ',')) {
        if (util::equal_ignore_case(trim_blanks(element), word)) {
            return true;
        }
    }
    return false;
}

Verdict take_method(std::string_view word, Head& head) {
    constexpr std::array kMethods = {
        Method::Get,
        Method::Head,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
        Method::Options,
    };
    for (const Method method : kMethods) {
        if (word == method_word(method)) {
            head.method = method;
            return std::nullopt;
        }
    }
    return is_token(word) ? refuse(501, "method is not supported")
                          : refuse(400, "malformed method");
}

Verdict take_version(std::string_view word, Head& head) {
    if (word == "HTTP/1.1") {
        return std::nullopt;
    }
    if (word == "HTTP/1.0") {
        head.is_http10 = true;
        head.keep_alive = false;
        return std::nullopt;
    }
    const bool is_http = word.size() == 8 && word.starts_with("HTTP/");
    return is_http ? refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
                   : refuse(400, "malformed request line");
}

Verdict take_request_line(std::string_view line, Head& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return refuse(400, "malformed request line");
    }
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const bool is_clean = std::none_of(target.begin(), target.end(), [](char c) {
        return c == ' ' || is_control(c);
    });
    if (target.empty() || !is_clean) {
        return refuse(400, "malformed request target");
    }
    head.target = target;
    if (auto verdict = take_version(line.substr(last + 1), head)) {
        return verdict;
    }
    return take_method(line.substr(0, first), head);
}

Verdict take_header_line(std::string_view line, Head& head) {
    if (line.front() == ' ' || line.front() == '\t') {
        return refuse(400, "folded header line");
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return refuse(400, "malformed header line");
    }
    const std::string_view value = trim_blanks(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char c) {
            return is_control(c) && c != '\t';
        })) {
        return refuse(400, "control character in a header");
    }
    head.headers.add(line.substr(0, colon), value);
    return std::nullopt;
}

Verdict take_length(const std::string& value, Head& head) {
    if (head.content_length) {
        return refuse(400, "repeated Content-Length");
    }
    head.content_length = util::parse_decimal(value);
    return head.content_length ? Verdict{} : refuse(400, "malformed Content-Length");
}

Verdict take_coding(const std::string& value, Head& head) {
    if (head.is_chunked) {
        return refuse(400, "repeated Transfer-Encoding");
    }
    head.is_chunked = true;
    return util::equal_ignore_case(value, "chunked")
               ? Verdict{}
               : refuse(501, "transfer coding is not supported");
}

Verdict take_expectation(const std::string& value, Head& head) {
    if (!util::equal_ignore_case(value, "100-continue")) {
        return refuse(417, "expectation is not supported");
    }
    head.expects_continue = !head.is_http10;
    return std::nullopt;
}

void take_connection(const std::string& value, Head& head) {
    if (has_word(value, "close")) {
        head.keep_alive = false;
    } else if (head.is_http10 && has_word(value, "keep-alive")) {
        head.keep_alive = true;
    }
}

// Headers that decide how the rest of the connection is read.
Verdict take_meaning(Head& head) {
    int hosts = 0;
    for (const auto& [name, value] : head.headers.all()) {
        Verdict verdict;
        if (util::equal_ignore_case(name, "content-length")) {
            verdict = take_length(value, head);
        } else if (util::equal_ignore_case(name, "transfer-encoding")) {
            verdict = take_coding(value, head);
        } else if (util::equal_ignore_case(name, "expect")) {
            verdict = take_expectation(value, head);
        } else if (util::equal_ignore_case(name, "connection")) {
            take_connection(value, head);
        } else if (util::equal_ignore_case(name, "host")) {
            ++hosts;
        }
        if (verdict) {
            return verdict;
        }
    }
    if (head.is_chunked && (head.content_length || head.is_http10)) {
        return refuse(400, "Transfer-Encoding does not go with this request");
    }
    if (hosts > 1 || (hosts == 0 && !head.is_http10)) {
        return refuse(400, "exactly one Host header is needed");
    }
    return std::nullopt;
}

} // namespace

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t& scanned) {
    std::size_t at = scanned;
    while ((at = bytes.find('\n', at)) != std::string_view::npos) {
        ++at;
        if (bytes.substr(at).starts_with("\r\n")) {
            return at + 2;
        }
        if (bytes.substr(at).starts_with('\n')) {
            return at + 1;
        }
        // The bytes behind this line end may not be here yet: look at it again next time.
        if (bytes.size() - at < 2) {
            scanned = at - 1;
            return std::nullopt;
        }
    }
    scanned = bytes.size();
    return std::nullopt;
}

std::optional<Refusal> parse_head(std::string_view bytes, const HeadLimits& limits, Head& head) {
    if (bytes.size() > limits.max_bytes) {
        return refuse(431, "request head is too large");
    }
    std::size_t lines = 0;
    while (true) {
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos || end == 0 || bytes[end - 1] != '\r') {
            return refuse(400, "lines of a request head end with CR LF");
        }
        const std::string_view line = bytes.substr(0, end - 1);
        bytes.remove_prefix(end + 1);
        if (line.empty()) {
            break;
        }
        if (lines > limits.max_lines) {
            return refuse(431, "too many header lines");
        }
        if (auto verdict =
                lines == 0 ? take_request_line(line, head) : take_header_line(line, head)) {
            return verdict;
        }
        ++lines;
    }
    if (lines == 0 || !bytes.empty()) {
        return refuse(400, "malformed request head");
    }
    return take_meaning(head);
}

} // namespace railhub::http
