// SPDX-License-Identifier: Apache-2.0
// The HTTP server: an epoll reactor that parks connections, worker threads that run handlers, pump
// threads that send files (docs/adr).
#pragma once

#include "core/util/context.h"
#include "server/http/request.h"
#include "server/http/response.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace railhub::http {

struct ServerOptions {
    std::string address = "127.0.0.1"; // or "::", or "unix:/path"
    std::uint16_t port = 0;            // 0 = any free one
    std::string path_prefix;           // "/hub" behind a reverse proxy, or empty
    std::string external_url; // fixed base URL; empty = from Host (and X-Forwarded-* if trusted)
    bool trust_forwarded = false; // X-Forwarded-For/Proto/Host/Prefix of the peer are believed
    unsigned workers = 0;         // 0 = max(8, 4 x cores)
    unsigned pumps = 2;
    std::string tls_certificate; // PEM files; both or none
    std::string tls_key;
    std::size_t max_header_bytes = std::size_t{32} * 1024;
    std::size_t max_header_lines = 100;
    std::uint64_t max_body_bytes = std::uint64_t{1} << 40;
    std::chrono::milliseconds header_deadline{10'000};
    std::chrono::milliseconds body_idle{60'000};
    std::chrono::milliseconds write_idle{60'000};
    std::chrono::milliseconds keep_alive{60'000};
    std::chrono::milliseconds drain{30'000};
    std::size_t max_connections = 20'000;
};

// Counters for /metrics. A snapshot, not exact across fields.
struct ServerStats {
    std::uint64_t connections_open = 0;
    std::uint64_t connections_total = 0;
    std::uint64_t requests_total = 0;
    std::uint64_t rejected_total = 0; // refused before a handler ran
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t pumping = 0; // file answers being sent now
};

// Called in a worker thread. Must not throw; the last resort turns a throw into a 500.
using Handler = std::function<Response(Request&)>;

// After the last byte (or a failure): for access log and metrics.
struct Exchange {
    const Request& request;
    int status = 0;
    std::uint64_t bytes_sent = 0;
    std::chrono::microseconds duration{0};
    std::string_view note;
};

using Observer = std::function<void(const Exchange&)>;

// Safe from any thread.
class Server {
  public:
    virtual ~Server() = default;
    // Bound and listening when start_server returned.
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::string url() const = 0;
    // Stop accepting, finish what runs (also downloads) up to the drain time, then close and
    // return.
    virtual void drain() = 0;
    [[nodiscard]] virtual ServerStats stats() const = 0;
};

util::Result<std::unique_ptr<Server>> start_server(
    const util::Context& ctx, const ServerOptions& options, Handler handler, Observer observer
);

} // namespace railhub::http
