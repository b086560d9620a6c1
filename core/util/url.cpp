// SPDX-License-Identifier: Apache-2.0
// URLs of http and https, percent-encoding and query strings.
#include "core/util/url.h"

#include "core/util/text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <optional>

namespace railhub::util {

namespace {

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// Value of "%XX" at `at`, or nothing.
std::optional<char> escaped_char(std::string_view text, std::size_t at) {
    if (text.size() - at < 3 || text[at] != '%') {
        return std::nullopt;
    }
    unsigned value = 0;
    const char* const end = text.data() + at + 3;
    const auto [stop, error] = std::from_chars(text.data() + at + 1, end, value, 16);
    if (error != std::errc() || stop != end) {
        return std::nullopt;
    }
    return static_cast<char>(static_cast<unsigned char>(value));
}

std::string decode_form(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (const auto c = escaped_char(text, at)) {
            out.push_back(*c);
            at += 2;
        } else {
            out.push_back(text[at] == '+' ? ' ' : text[at]);
        }
    }
    return out;
}

bool is_host_char(char c) {
    return is_unreserved(c);
}

bool is_ipv6_address(const std::string& text) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

// "host", "host:port", "[v6]:port" -> the rest of the authority after the host.
Result<std::string_view> take_host(std::string_view authority, std::string& host) {
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return fail(Code::InvalidInput, "URL has a host with '[' but no ']'");
        }
        host = lower(authority.substr(1, end - 1));
        if (!is_ipv6_address(host)) {
            return fail(Code::InvalidInput, "URL has a broken IPv6 address");
        }
        return authority.substr(end + 1);
    }
    const std::size_t end = std::min(authority.find(':'), authority.size());
    host = lower(authority.substr(0, end));
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_char)) {
        return fail(Code::InvalidInput, "URL has no valid host");
    }
    return authority.substr(end);
}

Result<> parse_authority(std::string_view authority, Url& url) {
    const std::size_t at_sign = authority.rfind('@');
    if (at_sign != std::string_view::npos) {
        url.user_info = authority.substr(0, at_sign);
        authority.remove_prefix(at_sign + 1);
    }
    RAILHUB_TRY(const std::string_view rest, take_host(authority, url.host));
    if (rest.empty() || rest == ":") {
        return {};
    }
    const auto port = rest.front() == ':' ? parse_decimal(rest.substr(1)) : std::nullopt;
    if (!port || *port == 0 || *port > 65535) {
        return fail(Code::InvalidInput, "URL has no valid port");
    }
    url.port = static_cast<std::uint16_t>(*port);
    return {};
}

} // namespace

Result<Url> Url::parse(std::string_view text) {
    // Blanks and control characters never stand in a URL; a header could be smuggled in by them.
    if (std::any_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
        })) {
        return fail(Code::InvalidInput, "URL has a blank or control character");
    }
    Url url;
    const std::size_t scheme_end = std::min(text.find("://"), text.size());
    url.scheme = lower(text.substr(0, scheme_end));
    if (scheme_end == text.size() || (url.scheme != "http" && url.scheme != "https")) {
        return fail(Code::InvalidInput, "URL does not begin with http:// or https://");
    }
    text = text.substr(scheme_end + 3);
    text = text.substr(0, text.find('#')); // a fragment never goes to a server
    const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());
    RAILHUB_TRY(parse_authority(text.substr(0, authority_end), url));
    text.remove_prefix(authority_end);
    const std::size_t path_end = std::min(text.find('?'), text.size());
    url.path = text.substr(0, path_end);
    if (path_end < text.size()) {
        url.query = text.substr(path_end + 1);
    }
    return url;
}

std::string Url::origin() const {
    std::string text = scheme + "://";
    text += host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != 0) {
        text += ":" + std::to_string(port);
    }
    return text;
}

std::string Url::print() const {
    std::string text = origin();
    if (!user_info.empty()) {
        text.insert(scheme.size() + 3, user_info + "@");
    }
    text += path;
    if (!query.empty()) {
        text += "?" + query;
    }
    return text;
}

std::string Url::redacted() const {
    std::string text = origin() + path;
    if (query.empty()) {
        return text;
    }
    char separator = '?';
    for (const std::string_view pair : split(query, '&')) {
        const std::size_t equals = pair.find('=');
        text += separator;
        text += pair.substr(0, equals);
        text += equals == std::string_view::npos ? "" : "=***";
        separator = '&';
    }
    return text;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c) || keep.find(c) != std::string_view::npos) {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.push_back('%');
            out.push_back(kDigits[byte >> 4]);
            out.push_back(kDigits[byte & 15]);
        }
    }
    return out;
}

Result<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out.push_back(text[at]);
            continue;
        }
        const auto c = escaped_char(text, at);
        if (!c) {
            return fail(Code::InvalidInput, "text has a broken percent escape");
        }
        out.push_back(*c);
        at += 2;
    }
    return out;
}

Result<QueryPairs> parse_query(std::string_view raw, std::size_t max_pairs) {
    QueryPairs pairs;
    while (!raw.empty()) {
        const std::size_t end = std::min(raw.find('&'), raw.size());
        const std::string_view pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty()) {
            continue;
        }
        if (pairs.size() == max_pairs) {
            return fail(
                Code::TooLarge, "query has more than " + std::to_string(max_pairs) + " parameters"
            );
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        pairs.emplace_back(decode_form(pair.substr(0, equals)), decode_form(value));
    }
    return pairs;
}

} // namespace railhub::util
