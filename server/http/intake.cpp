// SPDX-License-Identifier: Apache-2.0
// Splitting and decoding happen here once, in this order: prefix off, split at '/', decode.
#include "server/http/intake.h"

#include "core/util/text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace railhub::http {

namespace {

constexpr std::size_t kMaxRequestId = 128;

std::optional<Refusal> bad_request(std::string_view message) {
    return Refusal{400, std::string(message)};
}

bool is_made_of(std::string_view text, std::string_view marks) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [marks](char c) {
        const bool is_alnum =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return is_alnum || marks.find(c) != std::string_view::npos;
    });
}

bool is_authority(std::string_view text) {
    return text.size() <= 255 && is_made_of(text, ".-_:[]");
}

// The last element: the one that the proxy next to us wrote, whatever its client claimed before.
std::string_view last_element(std::string_view list) {
    const std::size_t comma = list.rfind(',');
    return util::trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

bool is_ip_address(const std::string& text) {
    std::array<std::uint8_t, 16> raw{};
    return inet_pton(AF_INET, text.c_str(), raw.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), raw.data()) == 1;
}

// Path of `target` below `prefix`; the target itself when a proxy took the prefix off already.
std::string_view without_prefix(std::string_view target, std::string_view prefix) {
    if (prefix.empty() || !target.starts_with(prefix)) {
        return target;
    }
    const std::string_view rest = target.substr(prefix.size());
    return rest.empty() || rest.front() == '/' || rest.front() == '?' ? rest : target;
}

// "http://host/path" as proxies send it: the authority goes to `host`.
std::optional<Refusal> take_absolute_form(std::string_view& target, std::string& host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.size() > scheme.size() &&
            util::equal_ignore_case(target.substr(0, scheme.size()), scheme)) {
            target.remove_prefix(scheme.size());
            const std::size_t end = std::min(target.find_first_of("/?"), target.size());
            host = target.substr(0, end);
            target.remove_prefix(end);
            return std::nullopt;
        }
    }
    return bad_request("malformed request target");
}

std::optional<Refusal> take_path(std::string_view path, Request& request) {
    request.path = path;
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    if (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    if (path.empty()) {
        return std::nullopt;
    }
    for (const std::string_view raw : util::split(path, '/')) {
        auto decoded = util::percent_decode(raw);
        if (!decoded || decoded->find('\0') != std::string::npos) {
            return bad_request("broken escape in the path");
        }
        request.segments.push_back(std::move(*decoded));
    }
    return std::nullopt;
}

std::optional<Refusal>
take_target(std::string_view target, std::string_view prefix, Request& request) {
    const std::string_view below = without_prefix(target, prefix);
    request.target =
        below.starts_with('/') || below == "*" ? std::string(below) : "/" + std::string(below);
    const std::string_view kept = request.target;
    const std::size_t question = kept.find('?');
    if (auto refusal = take_path(kept.substr(0, question), request)) {
        return refusal;
    }
    if (question != std::string_view::npos) {
        auto query = util::parse_query(kept.substr(question + 1));
        if (!query) {
            return Refusal{414, query.error().message};
        }
        request.query = std::move(*query);
    }
    return std::nullopt;
}

struct View {
    std::string scheme;
    std::string host;
    std::string prefix;
};

void believe_proxy(const Headers& headers, View& view, std::string& peer) {
    std::string address(last_element(headers.text("x-forwarded-for")));
    if (address.starts_with('[')) {
        address = address.substr(1, address.find(']') - 1);
    }
    if (is_ip_address(address)) {
        peer = std::move(address);
    }
    const std::string_view scheme = last_element(headers.text("x-forwarded-proto"));
    if (scheme == "http" || scheme == "https") {
        view.scheme = scheme;
    }
    const std::string_view host = last_element(headers.text("x-forwarded-host"));
    if (is_authority(host)) {
        view.host = host;
    }
    std::string_view prefix = last_element(headers.text("x-forwarded-prefix"));
    if (prefix.ends_with('/')) {
        prefix.remove_suffix(1);
    }
    if (prefix.starts_with('/') && is_made_of(prefix, "/-_.~")) {
        view.prefix = prefix;
    }
}

std::string_view without_last_slash(std::string_view text) {
    return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
}

} // namespace

std::optional<Refusal> fill_request(Head& head, const Surroundings& around, Request& request) {
    View view{
        std::string(around.scheme),
        std::string(head.headers.text("host")),
        std::string(around.path_prefix)};
    std::string_view target = head.target;
    const bool is_asterisk = target == "*" && head.method == Method::Options;
    if (!target.starts_with('/') && !is_asterisk) {
        if (auto refusal = take_absolute_form(target, view.host)) {
            return refusal;
        }
    }
    if (view.host.empty()) {
        view.host = around.own_authority;
    }
    if (!is_authority(view.host)) {
        return bad_request("malformed Host header");
    }
    request.method = head.method;
    request.headers = std::move(head.headers);
    request.peer = around.peer;
    if (around.trust_forwarded) {
        believe_proxy(request.headers, view, request.peer);
    }
    request.base_url = around.external_url.empty()
                           ? view.scheme + "://" + view.host + view.prefix
                           : std::string(without_last_slash(around.external_url));
    return take_target(target, around.path_prefix, request);
}

std::string_view client_request_id(const Headers& headers) {
    for (const std::string_view name : {"x-request-id", "x-amzn-trace-id"}) {
        const std::string_view value = headers.text(name);
        if (value.size() <= kMaxRequestId && is_made_of(value, "-_.:;=/+@")) {
            return value;
        }
    }
    return {};
}

} // namespace railhub::http
