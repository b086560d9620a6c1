// SPDX-License-Identifier: Apache-2.0
// Session: requests to one hub with its token: credentials only to the hub's own origin, redirects
// followed by our rules, repeated after failures that pass.
#pragma once

#include "core/transfer/http_client.h"
#include "core/util/json.h"
#include "core/util/random.h"
#include "core/util/retry.h"

#include <string>

namespace railhub::transfer {

// May the request be sent again when it is unknown whether the first one took effect?
enum class Repeat : std::uint8_t {
    Freely,    // reading, or writing what is the same the second time
    IfRefused, // only when the server says that it did nothing (429, 503) or was not reached
};

// Safe from any thread. Client and random are borrowed.
class Session {
  public:
    // `endpoint` without trailing slash; may have a path ("http://host/hub"). `token` may be empty.
    Session(
        HttpClient& http,
        util::Random& random,
        std::string endpoint,
        std::string token,
        util::RetryPolicy retry = {}
    );

    // Any final status is a response (also 4xx). At most 5 redirects; 303 becomes GET, others keep
    // method and body; never from https to http. With a sink that has begun to take bytes nothing
    // is repeated: the caller knows how to go on from there.
    util::Result<HttpResponse> send(
        const util::Context& ctx,
        HttpRequest request,
        ResponseSink* sink = nullptr,
        Repeat repeat = Repeat::Freely
    ) const;

    // The same, but a redirect to another origin is the answer.
    util::Result<HttpResponse> send_here(const util::Context& ctx, HttpRequest request) const;

    // send(), and an Error for any status but 2xx.
    util::Result<HttpResponse> require(
        const util::Context& ctx,
        HttpRequest request,
        ResponseSink* sink = nullptr,
        Repeat repeat = Repeat::Freely
    ) const;

    // require() on a path of the hub, the answer parsed. `body` null: none is sent.
    util::Result<util::Json> json(
        const util::Context& ctx,
        HttpMethod method,
        std::string_view path,
        const util::Json& body = {},
        Repeat repeat = Repeat::Freely
    ) const;

    // For addresses elsewhere: the same network and patience, no credentials of ours.
    [[nodiscard]] Session without_token() const {
        return {http_, random_, endpoint_, std::string(), retry_};
    }

    // endpoint + path.
    [[nodiscard]] std::string url(std::string_view path) const {
        return endpoint_ + std::string(path);
    }

    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

    [[nodiscard]] const std::string& token() const { return token_; }

    [[nodiscard]] const util::RetryPolicy& retry() const { return retry_; }

  private:
    enum class Leave : std::uint8_t { Allowed, Never };

    util::Result<HttpResponse>
    follow(const util::Context& ctx, HttpRequest request, ResponseSink* sink, Leave leave) const;
    util::Result<HttpResponse> attempt(
        const util::Context& ctx,
        const HttpRequest& request,
        ResponseSink* sink,
        Repeat repeat,
        Leave leave
    ) const;

    HttpClient& http_;
    util::Random& random_;
    std::string endpoint_;
    std::string origin_;
    std::string token_;
    util::RetryPolicy retry_;
};

// What a refusing answer means: code from the status, text from X-Error-Message or the JSON body,
// reason = X-Error-Code.
util::Error error_of(const HttpResponse& response, const HttpRequest& request);

// Absolute URL of a Location seen at `base`; InvalidInput when it is none.
util::Result<std::string> resolve_location(std::string_view base, std::string_view location);

// Waits, but not longer than until somebody asks to stop (then Cancelled).
util::Result<> wait_for(const util::Context& ctx, std::chrono::milliseconds delay);

} // namespace railhub::transfer
