// SPDX-License-Identifier: Apache-2.0
// HttpClient: the seam to the network. One call sends one request; redirects, retries and
// credentials are decided above (session.h).
#pragma once

#include "core/util/context.h"
#include "core/util/io.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace railhub::transfer {

enum class HttpMethod : std::uint8_t { Get, Head, Post, Put, Delete };

std::string_view method_word(HttpMethod method);

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// A request body that can be read again when a request is repeated.
struct HttpBody {
    // Opens it at the start.
    std::function<util::Result<std::unique_ptr<util::Reader>>()> open;
    std::optional<std::uint64_t> size = {}; // nullopt: sent chunked
};

// In memory.
HttpBody text_body(std::string text);

struct HttpTimeouts {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds total{0}; // 0 = none
    std::chrono::seconds stall{60};     // below 1 byte/s for so long = dead
};

struct HttpRequest {
    HttpMethod method = HttpMethod::Get;
    std::string url;
    HttpHeaders headers = {};
    std::optional<HttpBody> body = {};
    HttpTimeouts timeouts = {};
};

struct HttpResponse {
    int status = 0;
    HttpHeaders headers;
    // What the sink did not take: at most kMaxTextBody bytes, the rest is dropped.
    std::string body;
    std::string url; // that answered

    // First value, names compared without regard to case; nullptr when absent.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] std::string_view text(std::string_view name) const;

    [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }

    [[nodiscard]] bool is_redirect() const;
};

inline constexpr std::size_t kMaxTextBody = std::size_t{64} << 20;

// Takes the body of a 2xx answer as it comes. An error ends the transfer and is what send()
// returns.
class ResponseSink {
  public:
    virtual ~ResponseSink() = default;
    // Once, before the first byte; status and headers are complete.
    virtual util::Result<> begin(const HttpResponse& head) = 0;
    virtual util::Result<> write(util::ByteView bytes) = 0;
};

// Safe from any thread; connections are kept and reused.
class HttpClient {
  public:
    virtual ~HttpClient() = default;
    // Any status is a Result with a response; Errors are Unavailable (no answer, or half of one),
    // Cancelled (ctx.stop), InvalidInput (URL), or those of sink and body. `sink` may be null.
    virtual util::Result<HttpResponse>
    send(const util::Context& ctx, const HttpRequest& request, ResponseSink* sink) = 0;
};

} // namespace railhub::transfer
