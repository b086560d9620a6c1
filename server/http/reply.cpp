// SPDX-License-Identifier: Apache-2.0
// The one place that writes a status line.
#include "server/http/reply.h"

#include "core/util/text.h"
#include "server/http/range.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace railhub::http {

namespace {

struct Reason {
    int status;
    std::string_view phrase;
};

constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

std::string_view reason_phrase(int status) {
    for (const Reason& reason : kReasons) {
        if (reason.status == status) {
            return reason.phrase;
        }
    }
    return "Status";
}

// Set by this file alone, whatever a handler says.
bool is_reserved_header(std::string_view name) {
    constexpr std::array<std::string_view, 5> kReserved = {
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "date",
    };
    return std::any_of(kReserved.begin(), kReserved.end(), [name](std::string_view reserved) {
        return util::equal_ignore_case(name, reserved);
    });
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return c > 0x20 && c < 0x7f &&
               std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
    });
}

bool is_bodiless(int status) {
    return status < 200 || status == 204 || status == 304;
}

std::string_view response_header(const Response& response, std::string_view name) {
    for (const auto& header : response.headers) {
        if (util::equal_ignore_case(header.first, name)) {
            return header.second;
        }
    }
    return {};
}

// Length and value of a UTF-8 sequence of two bytes that Latin-1 can say, or 0.
char latin1_of(std::string_view sequence) {
    const auto lead = static_cast<unsigned char>(sequence[0]);
    if ((lead == 0xC2 || lead == 0xC3) && sequence.size() > 1) {
        const auto next = static_cast<unsigned char>(sequence[1]);
        if ((next & 0xC0U) == 0x80U && (lead == 0xC3 || next >= 0xA0)) {
            return static_cast<char>(
                static_cast<unsigned char>(((lead & 0x03U) << 6U) | (next & 0x3FU))
            );
        }
    }
    return 0;
}

struct Slice {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// Conditions and ranges on a 200 with a file; may change status and headers.
Slice select_slice(const Request& request, Response& response, std::uint64_t size) {
    response.header("Accept-Ranges", "bytes");
    if (response.status != 200) {
        return {0, size};
    }
    const std::string etag(response_header(response, "etag"));
    const std::string_view none_match = request.headers.text("if-none-match");
    if (!none_match.empty() && etag_in_list(none_match, etag)) {
        response.status = 304;
        return {};
    }
    const std::string* range = request.headers.find("range");
    const std::string_view modified = response_header(response, "last-modified");
    if (range == nullptr || !range_still_valid(request.headers.text("if-range"), etag, modified)) {
        return {0, size};
    }
    const RangeChoice choice = choose_range(*range, size);
    if (choice.kind == RangeChoice::Kind::Unsatisfiable) {
        response.status = 416;
        response.header("Content-Range", "bytes */" + std::to_string(size));
        return {};
    }
    if (choice.kind == RangeChoice::Kind::Part) {
        response.status = 206;
        const std::string last = std::to_string(choice.offset + choice.length - 1);
        response.header(
            "Content-Range",
            "bytes " + std::to_string(choice.offset) + "-" + last + "/" + std::to_string(size)
        );
    }
    return {choice.offset, choice.length};
}

// The head without its framing headers and the empty line.
std::string begin_head(
    const Request& request, const Response& response, const Reply& reply, const ReplyFrame& frame
) {
    std::string head;
    head.reserve(512);
    head += "HTTP/1.1 " + std::to_string(response.status) + " ";
    head += reason_phrase(response.status);
    const auto line = [&head](std::string_view name, std::string_view value) {
        head.append("\r\n").append(name).append(": ").append(value);
    };
    line("Date", frame.date);
    for (const auto& [name, value] : response.headers) {
        if (is_header_name(name) && !is_reserved_header(name)) {
            line(name, clean_header_value(value));
        }
    }
    if (response_header(response, "x-request-id").empty()) {
        line("X-Request-Id", request.request_id);
    }
    if (reply.persistence == Persistence::Close) {
        line("Connection", "close");
    } else if (frame.protocol == Protocol::Http10) {
        line("Connection", "keep-alive");
    }
    return head;
}

std::string end_with_length(std::string head, std::uint64_t length) {
    return std::move(
        head.append("\r\nContent-Length: ").append(std::to_string(length)).append("\r\n\r\n")
    );
}

void reply_with_text(const Request& request, std::string head, Response& response, Reply& reply) {
    auto& text = std::get<std::string>(response.body);
    if (is_bodiless(response.status)) {
        reply.outgoing = Outgoing(std::move(head.append("\r\n\r\n")), std::string());
        return;
    }
    std::uint64_t length = text.size();
    if (request.method == Method::Head) {
        // A handler may know the length without making the body.
        const auto announced = util::parse_decimal(response_header(response, "content-length"));
        length = text.empty() ? announced.value_or(0) : length;
        text.clear();
    }
    reply.outgoing = Outgoing(end_with_length(std::move(head), length), std::move(text));
}

void reply_with_stream(const Request& request, std::string head, Response& response, Reply& reply) {
    if (request.method == Method::Head || is_bodiless(response.status)) {
        reply.outgoing = Outgoing(std::move(head.append("\r\n\r\n")), std::string());
        return;
    }
    reply.stream_head = std::move(
        head.append(reply.is_chunked ? "\r\nTransfer-Encoding: chunked\r\n\r\n" : "\r\n\r\n")
    );
    reply.produce = std::move(std::get<StreamBody>(response.body).produce);
}

} // namespace

Reply make_reply(const Request& request, Response response, const ReplyFrame& frame) {
    Reply reply;
    reply.persistence = frame.persistence;
    Slice slice;
    auto* file = std::get_if<FileBody>(&response.body);
    if (file != nullptr) {
        RAILHUB_ASSERT(file->mapped.empty() || file->mapped.size() == file->size);
        slice = select_slice(request, response, file->size);
    }
    const bool is_stream = std::holds_alternative<StreamBody>(response.body);
    reply.is_chunked = is_stream && frame.protocol == Protocol::Http11;
    const bool ends_by_closing = is_stream && !reply.is_chunked && request.method != Method::Head;
    if (ends_by_closing ||
        util::equal_ignore_case(response_header(response, "connection"), "close")) {
        reply.persistence = Persistence::Close;
    }
    reply.status = response.status;
    std::string head = begin_head(request, response, reply, frame);
    if (is_stream) {
        reply_with_stream(request, std::move(head), response, reply);
    } else if (file == nullptr) {
        reply_with_text(request, std::move(head), response, reply);
    } else if (is_bodiless(response.status)) {
        reply.outgoing = Outgoing(std::move(head.append("\r\n\r\n")), std::string());
    } else if (request.method == Method::Head || slice.length == 0) {
        reply.outgoing = Outgoing(end_with_length(std::move(head), slice.length), std::string());
    } else {
        std::string whole_head = end_with_length(std::move(head), slice.length);
        reply.outgoing =
            Outgoing(std::move(whole_head), std::move(*file), slice.offset, slice.length);
    }
    return reply;
}

Response error_response(int status, const std::string& message) {
    Response response = Response::json(status, util::Json::object({{"error", message}}));
    response.header("X-Error-Message", message);
    return response;
}

std::string http_date(util::TimePoint time) {
    static constexpr std::array<const char*, 7> kDays = {
        "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths = {
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    };
    const std::time_t seconds = static_cast<std::time_t>(util::to_millis(time) / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    // Not strftime's names: those follow the locale.
    const auto day = static_cast<std::size_t>(parts.tm_wday);
    const auto month = static_cast<std::size_t>(parts.tm_mon);
    std::snprintf(
        text.data(),
        text.size(),
        "%s, %02d %s %04d %02d:%02d:%02d GMT",
        kDays[day],
        parts.tm_mday,
        kMonths[month],
        parts.tm_year + 1900,
        parts.tm_hour,
        parts.tm_min,
        parts.tm_sec
    );
    return text.data();
}

std::string clean_header_value(std::string_view value) {
    std::string clean;
    clean.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto byte = static_cast<unsigned char>(value[i]);
        if (byte < 0x80) {
            clean += byte < 0x20 || byte == 0x7f ? ' ' : value[i];
        } else if (const char latin1 = latin1_of(value.substr(i)); latin1 != 0) {
            clean += latin1;
            ++i;
        } else if ((byte & 0xC0U) != 0x80U || i == 0) {
            // One mark for the whole sequence: its other bytes are continuation bytes.
            clean += '?';
        }
    }
    return clean;
}

} // namespace railhub::http
