// SPDX-License-Identifier: Apache-2.0
// Puts reactor, workers and pumps together, and takes them apart in order.
#include "server/http/server.h"

#include "server/http/counters.h"
#include "server/http/pump.h"
#include "server/http/reactor.h"
#include "server/http/service.h"
#include "server/http/socket.h"
#include "server/http/tls.h"
#include "server/http/workers.h"

#include <algorithm>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace railhub::http {

namespace {

constexpr std::size_t kMostWorkers = 512;
// Descriptors for files, the database and the like beside the connections.
constexpr std::size_t kOtherDescriptors = 4096;

std::size_t worker_count(const ServerOptions& options) {
    return options.workers > 0 ? options.workers
                               : std::max(8U, 4 * std::thread::hardware_concurrency());
}

class EpollServer final : public Server {
  public:
    EpollServer(
        const util::Context& ctx, const ServerOptions& options, Handler handler, Observer observer
    )
        : ctx_(ctx), options_(options), handler_(std::move(handler)),
          observer_(std::move(observer)), workers_(worker_count(options), kMostWorkers),
          service_({ctx_, options_, handler_, observer_, counters_, workers_}) {}

    ~EpollServer() override { drain(); }

    util::Result<> start();

    [[nodiscard]] std::uint16_t port() const override { return port_; }

    [[nodiscard]] std::string url() const override { return url_; }

    void drain() override;

    [[nodiscard]] ServerStats stats() const override { return counters_.snapshot(); }

  private:
    util::Result<> open_pumps();
    Reactor::Hooks hooks();

    util::Context ctx_;
    const ServerOptions options_;
    const Handler handler_;
    const Observer observer_;
    Counters counters_;
    Workers workers_;
    Service service_;
    std::shared_ptr<const TlsContext> tls_; // shared: immutable
    std::vector<std::unique_ptr<Pump>> pumps_;
    std::unique_ptr<Reactor> reactor_;
    std::uint16_t port_ = 0;
    std::string url_;
    std::once_flag drained_;
};

util::Result<> EpollServer::open_pumps() {
    for (unsigned i = 0; i < std::max(1U, options_.pumps); ++i) {
        const auto done = [this](Connection& connection, Outcome outcome) {
            service_.finish(connection, outcome);
        };
        RAILHUB_TRY(auto pump, Pump::open(ctx_.clock, counters_, options_.write_idle, done));
        pumps_.push_back(std::move(pump));
    }
    return {};
}

Reactor::Hooks EpollServer::hooks() {
    return {
        [this](util::FileHandle socket) {
            return tls_ != nullptr ? tls_->make_transport(std::move(socket))
                                   : make_plain_transport(std::move(socket));
        },
        [this](Connection& connection) {
            workers_.submit([this, &connection] { service_.shake_hands(connection); });
        },
        [this](Connection& connection) {
            workers_.submit([this, &connection] { service_.serve(connection); });
        },
    };
}

util::Result<> EpollServer::start() {
    // TLS writes with write(2), which has no flag against the signal.
    std::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit(options_.max_connections + kOtherDescriptors);
    if (options_.tls_certificate.empty() != options_.tls_key.empty()) {
        return util::fail(
            util::Code::InvalidInput,
            "TLS needs a certificate and a key",
            "set both tls-certificate and tls-key"
        );
    }
    if (!options_.tls_certificate.empty()) {
        RAILHUB_TRY(tls_, TlsContext::open(options_.tls_certificate, options_.tls_key));
    }
    RAILHUB_TRY(auto bound, bind_socket(options_.address, options_.port));
    port_ = bound.port;
    const std::string own =
        (tls_ != nullptr ? "https://" : "http://") + bound.authority + options_.path_prefix;
    url_ = options_.external_url.empty() ? own : options_.external_url;
    RAILHUB_TRY(open_pumps());
    RAILHUB_TRY(
        reactor_, Reactor::open(options_, ctx_.clock, counters_, std::move(bound.socket), hooks())
    );
    std::vector<Pump*> pumps;
    for (const auto& pump : pumps_) {
        pumps.push_back(pump.get());
    }
    service_.connect(*reactor_, std::move(pumps), bound.authority);
    reactor_->start();
    return {};
}

void EpollServer::drain() {
    std::call_once(drained_, [this] {
        if (reactor_ != nullptr) {
            service_.drain();
            reactor_->drain();
            if (!reactor_->wait_empty(options_.drain)) {
                reactor_->cut_all();
                reactor_->wait_empty(std::chrono::seconds(1));
            }
        }
        for (const auto& pump : pumps_) {
            pump->stop();
        }
        workers_.stop();
        if (reactor_ != nullptr) {
            reactor_->stop();
        }
    });
}

} // namespace

util::Result<std::unique_ptr<Server>> start_server(
    const util::Context& ctx, const ServerOptions& options, Handler handler, Observer observer
) {
    auto server =
        std::make_unique<EpollServer>(ctx, options, std::move(handler), std::move(observer));
    RAILHUB_TRY(server->start());
    return std::unique_ptr<Server>(std::move(server));
}

} // namespace railhub::http
