// SPDX-License-Identifier: Apache-2.0
#include "server/running_hub.h"

#include "core/app/server_secret.h"
#include "core/util/digest.h"
#include "server/dispatch.h"
#include "server/services.h"

#include <atomic>

namespace railhub::server {

namespace {

// A key of its own for each purpose.
util::Bytes derived(util::ByteView key, std::string_view purpose) {
    const util::Sha256 digest = util::hmac_sha256(key, util::as_bytes(purpose));
    return {digest.bytes.begin(), digest.bytes.end()};
}

class ServingHub final : public RunningHub {
  public:
    ServingHub(
        const util::Context& ctx,
        app::Deps& deps,
        const ServerConfig& config,
        const util::Bytes& link_key
    )
        : services_{.ctx = ctx, .deps = deps, .limits = config.limits, .signer = LinkSigner(link_key), .xet_tokens = XetTokens(derived(link_key, "xet-token")), .data_links = DataLinks(derived(link_key, "xet-data")), .dedup_secret = derived(link_key, "xet-dedup")},
          dispatcher_(services_, routes()), access_log_(config.access_log) {}

    util::Result<> listen(const http::ServerOptions& options) {
        RAILHUB_TRY(
            http_,
            http::start_server(
                services_.ctx,
                options,
                [this](http::Request& request) { return answer(request); },
                [this](const http::Exchange& exchange) { observe(exchange); }
            )
        );
        stats_from_.store(http_.get());
        return {};
    }

    [[nodiscard]] std::string url() const override { return http_->url(); }

    [[nodiscard]] std::uint16_t port() const override { return http_->port(); }

    void drain() override { http_->drain(); }

  private:
    http::Response answer(http::Request& request) {
        if (request.path == "/metrics" && request.method == http::Method::Get) {
            request.route = "metrics";
            const http::Server* server = stats_from_.load();
            const auto stats = server != nullptr ? server->stats() : http::ServerStats{};
            return http::Response::text(
                200, services_.metrics.page(stats), "text/plain; version=0.0.4; charset=utf-8"
            );
        }
        return dispatcher_.answer(request);
    }

    void observe(const http::Exchange& exchange) {
        const http::Request& request = exchange.request;
        const std::string_view route =
            request.route.empty() ? "none" : std::string_view(request.route);
        services_.metrics.count(route, exchange.status, exchange.duration, exchange.bytes_sent);
        if (access_log_ == ServerConfig::AccessLog::Off) {
            return;
        }
        // Queries of signed links are credentials: the path alone is logged.
        services_.ctx.log.info(
            "request",
            {{"id", request.request_id},
             {"peer", request.peer},
             {"method", http::method_word(request.method)},
             {"path", request.path},
             {"route", route},
             {"status", exchange.status},
             {"bytes", exchange.bytes_sent},
             {"micros", exchange.duration.count()},
             {"note", exchange.note}}
        );
    }

    Services services_;
    Dispatcher dispatcher_;
    ServerConfig::AccessLog access_log_;
    std::atomic<const http::Server*> stats_from_{
        nullptr};                        // a request may come before listen() ends
    std::unique_ptr<http::Server> http_; // last: its threads use all of the above
};

} // namespace

util::Result<std::unique_ptr<RunningHub>>
RunningHub::start(const util::Context& ctx, app::Deps& deps, const ServerConfig& config) {
    RAILHUB_TRY(auto key, app::server_secret(ctx, deps, "signed-links"));
    auto hub = std::make_unique<ServingHub>(ctx, deps, config, key);
    RAILHUB_TRY(hub->listen(config.http));
    return std::unique_ptr<RunningHub>(std::move(hub));
}

} // namespace railhub::server
