// SPDX-License-Identifier: Apache-2.0
// Credentials, redirects, retries, and what statuses mean.
#include "core/transfer/session.h"

#include "core/util/text.h"
#include "core/util/url.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace railhub::transfer {

namespace {

constexpr int kMaxRedirects = 5;
constexpr std::chrono::seconds kLongestServerDelay{120};

// Remembers whether the sink behind it was touched.
class WatchedSink final : public ResponseSink {
  public:
    explicit WatchedSink(ResponseSink& sink) : sink_(sink) {}

    util::Result<> begin(const HttpResponse& head) override {
        has_begun_ = true;
        return sink_.begin(head);
    }

    util::Result<> write(util::ByteView bytes) override { return sink_.write(bytes); }

    [[nodiscard]] bool has_begun() const { return has_begun_; }

  private:
    ResponseSink& sink_;
    bool has_begun_ = false;
};

bool is_authorization(const std::pair<std::string, std::string>& header) {
    return util::equal_ignore_case(header.first, "authorization");
}

bool has_authorization(const HttpHeaders& headers) {
    return std::any_of(headers.begin(), headers.end(), is_authorization);
}

// Credentials in the caller's own headers stay with the origin they were meant for.
HttpHeaders headers_for(bool is_same_origin, const HttpHeaders& own) {
    HttpHeaders headers = own;
    if (!is_same_origin) {
        std::erase_if(headers, is_authorization);
    }
    return headers;
}

bool is_passing_status(int status, Repeat repeat) {
    switch (status) {
    case 429:
    case 503:
        return true;
    case 408:
    case 500:
    case 502:
    case 504:
        return repeat == Repeat::Freely;
    default:
        return false;
    }
}

// Retry-After in seconds, or the seconds of RateLimit (hub-api 1.2).
std::optional<std::chrono::milliseconds> server_delay(const HttpResponse& response) {
    auto seconds = util::parse_decimal(util::trim(response.text("retry-after")));
    if (!seconds && response.status == 429) {
        const std::string_view limit = response.text("ratelimit");
        if (const auto at = limit.find("t="); at != std::string_view::npos) {
            const auto digits = limit.substr(at + 2);
            seconds = util::parse_decimal(digits.substr(0, digits.find_first_not_of("0123456789")));
        }
    }
    if (!seconds) {
        return std::nullopt;
    }
    const std::chrono::milliseconds asked =
        std::chrono::seconds(std::min<std::uint64_t>(*seconds, 3600));
    return std::min<std::chrono::milliseconds>(asked, kLongestServerDelay);
}

util::Code code_of_status(int status) {
    switch (status) {
    case 401:
        return util::Code::Unauthenticated;
    case 403:
        return util::Code::PermissionDenied;
    case 404:
    case 410:
        return util::Code::NotFound;
    case 409:
        return util::Code::AlreadyExists;
    case 412:
        return util::Code::Conflict;
    case 413:
    case 507:
        return util::Code::TooLarge;
    case 408:
    case 429:
        return util::Code::Unavailable;
    default:
        return status >= 500 ? util::Code::Unavailable : util::Code::InvalidInput;
    }
}

std::string text_of_json(const util::Json& json) {
    for (const std::string_view key : {"error", "message", "error_description"}) {
        const util::Json* value = json.find(key);
        if (value != nullptr && value->is_string()) {
            return *value->as_string();
        }
        if (value != nullptr && value->is_array() && !value->as_array()->empty()) {
            const std::string* first = value->as_array()->front().as_string();
            return first == nullptr ? std::string() : *first;
        }
    }
    return {};
}

std::string server_text(const HttpResponse& response) {
    if (const auto header = util::trim(response.text("x-error-message")); !header.empty()) {
        return std::string(header);
    }
    const auto parsed = util::parse_json(response.body, {.max_bytes = std::size_t{1} << 20});
    return parsed.ok() ? text_of_json(*parsed) : std::string();
}

std::string hint_of(const HttpResponse& response, util::Code code) {
    if (code == util::Code::Unauthenticated) {
        return "log in with 'railhub login', or set HF_TOKEN; private repositories look absent to "
               "others";
    }
    if (code == util::Code::PermissionDenied) {
        return "'railhub whoami' shows who you are and what the token may do";
    }
    if (response.status == 404 && response.text("x-error-code") == "RepoNotFound") {
        return "'railhub repo list' shows what you can see";
    }
    return {};
}

} // namespace

util::Result<> wait_for(const util::Context& ctx, std::chrono::milliseconds delay) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, ctx.stop, delay, [] { return false; });
    return ctx.check_stop();
}

util::Result<std::string> resolve_location(std::string_view base, std::string_view location) {
    if (location.starts_with("http://") || location.starts_with("https://")) {
        RAILHUB_TRY(const util::Url absolute, util::Url::parse(location));
        return absolute.print();
    }
    RAILHUB_TRY(util::Url url, util::Url::parse(base));
    if (location.starts_with("//")) {
        return resolve_location(base, url.scheme + ":" + std::string(location));
    }
    if (!location.starts_with('/')) {
        return util::fail(
            util::Code::InvalidInput,
            "the server redirects to '" + std::string(location) + "', which is no URL"
        );
    }
    const auto question = location.find('?');
    url.path = std::string(location.substr(0, question));
    url.query =
        question == std::string_view::npos ? "" : std::string(location.substr(question + 1));
    return url.print();
}

util::Error error_of(const HttpResponse& response, const HttpRequest& request) {
    const util::Code code = code_of_status(response.status);
    std::string text = server_text(response);
    std::string where = request.url;
    if (const auto url = util::Url::parse(where); url.ok()) {
        where = url->redacted();
    }
    if (text.empty()) {
        text = "status " + std::to_string(response.status);
    }
    util::Error error = util::fail(
        code,
        "cannot " + std::string(method_word(request.method)) + " '" + where + "': " + text,
        hint_of(response, code)
    );
    error.reason = std::string(response.text("x-error-code"));
    return error;
}

Session::Session(
    HttpClient& http,
    util::Random& random,
    std::string endpoint,
    std::string token,
    util::RetryPolicy retry
)
    : http_(http), random_(random), endpoint_(std::move(endpoint)), token_(std::move(token)),
      retry_(retry) {
    if (const auto url = util::Url::parse(endpoint_); url.ok()) {
        origin_ = url->origin();
    }
}

util::Result<HttpResponse> Session::follow(
    const util::Context& ctx, HttpRequest request, ResponseSink* sink, Leave leave
) const {
    const HttpHeaders own_headers = request.headers;
    RAILHUB_TRY(const util::Url first, util::Url::parse(request.url));
    for (int hop = 0; hop <= kMaxRedirects; ++hop) {
        RAILHUB_TRY(const util::Url url, util::Url::parse(request.url));
        request.headers = headers_for(url.origin() == first.origin(), own_headers);
        if (!token_.empty() && url.origin() == origin_ && !has_authorization(request.headers)) {
            request.headers.emplace_back("Authorization", "Bearer " + token_);
        }
        RAILHUB_TRY(HttpResponse response, http_.send(ctx, request, sink));
        if (!response.is_redirect()) {
            return response;
        }
        RAILHUB_TRY(
            const std::string next, resolve_location(request.url, response.text("location"))
        );
        RAILHUB_TRY(const util::Url next_url, util::Url::parse(next));
        if (leave == Leave::Never && next_url.origin() != url.origin()) {
            return response;
        }
        if (url.scheme == "https" && !next.starts_with("https://")) {
            return util::fail(
                util::Code::PermissionDenied,
                "'" + url.redacted() + "' redirects from https to http, which is not followed"
            );
        }
        request.url = next;
        if (response.status == 303 && request.method != HttpMethod::Head) {
            request.method = HttpMethod::Get;
            request.body.reset();
        }
    }
    return util::fail(util::Code::Unavailable, "too many redirects from '" + request.url + "'");
}

util::Result<HttpResponse> Session::send(
    const util::Context& ctx, HttpRequest request, ResponseSink* sink, Repeat repeat
) const {
    return attempt(ctx, request, sink, repeat, Leave::Allowed);
}

util::Result<HttpResponse> Session::send_here(const util::Context& ctx, HttpRequest request) const {
    return attempt(ctx, request, nullptr, Repeat::Freely, Leave::Never);
}

util::Result<HttpResponse> Session::attempt(
    const util::Context& ctx,
    const HttpRequest& request,
    ResponseSink* sink,
    Repeat repeat,
    Leave leave
) const {
    for (int next_try = 2;; ++next_try) {
        std::optional<WatchedSink> watched;
        if (sink != nullptr) {
            watched.emplace(*sink);
        }
        auto result = follow(ctx, request, watched ? &*watched : nullptr, leave);
        const bool touched = watched && watched->has_begun();
        const bool passes = result.ok() ? is_passing_status(result->status, repeat)
                                        : result.error().code == util::Code::Unavailable &&
                                              repeat == Repeat::Freely;
        if (!passes || touched) {
            return result;
        }
        const auto asked = result.ok() ? server_delay(*result) : std::nullopt;
        const auto delay = util::retry_delay(retry_, next_try, random_, asked);
        if (!delay) {
            return result;
        }
        ctx.log.debug("trying again", {{"url", request.url}, {"try", next_try}});
        RAILHUB_TRY(wait_for(ctx, *delay));
    }
}

util::Result<HttpResponse> Session::require(
    const util::Context& ctx, HttpRequest request, ResponseSink* sink, Repeat repeat
) const {
    const HttpRequest copy = request;
    RAILHUB_TRY(HttpResponse response, send(ctx, std::move(request), sink, repeat));
    if (!response.is_success()) {
        return error_of(response, copy);
    }
    return response;
}

util::Result<util::Json> Session::json(
    const util::Context& ctx,
    HttpMethod method,
    std::string_view path,
    const util::Json& body,
    Repeat repeat
) const {
    HttpRequest request{.method = method, .url = url(path)};
    if (!body.is_null()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = text_body(body.dump());
    }
    RAILHUB_TRY(const HttpResponse response, require(ctx, std::move(request), nullptr, repeat));
    if (util::trim(response.body).empty()) {
        return util::Json::object();
    }
    return util::parse_json(response.body).with_context("answer of '" + std::string(path) + "'");
}

} // namespace railhub::transfer
