// SPDX-License-Identifier: Apache-2.0
// RunningHub: dispatcher, counters and access log over one HTTP server. What serve() runs, and what
// tests start in their own process.
#pragma once

#include "core/app/deps.h"
#include "server/config.h"
#include "server/http/server.h"

#include <memory>
#include <string>

namespace railhub::server {

// Safe from any thread.
class RunningHub {
  public:
    // `deps` and what the context refers to are borrowed.
    static util::Result<std::unique_ptr<RunningHub>>
    start(const util::Context& ctx, app::Deps& deps, const ServerConfig& config);
    virtual ~RunningHub() = default;

    [[nodiscard]] virtual std::string url() const = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    // Returns when no request runs any more, or the drain time is over.
    virtual void drain() = 0;
};

} // namespace railhub::server
