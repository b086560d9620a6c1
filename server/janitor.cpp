// SPDX-License-Identifier: Apache-2.0
#include "server/janitor.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace railhub::server {

namespace {

constexpr auto kRound = std::chrono::hours(1);
constexpr auto kUploadIdle = std::chrono::hours(48);

void sweep(const util::Context& ctx, app::Deps& deps) {
    const auto swept = deps.uploads.sweep(ctx, kUploadIdle);
    if (!swept.ok()) {
        ctx.log.warn("sweep failed", {{"error", util::to_line(swept.error())}});
    } else if (*swept > 0) {
        ctx.log.info("swept upload sessions", {{"count", *swept}});
    }
}

void run(std::stop_token stop, util::Context ctx, app::Deps& deps) {
    ctx.stop = stop;
    std::mutex mutex;
    std::condition_variable_any tick;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        sweep(ctx, deps);
        tick.wait_for(lock, stop, kRound, [] { return false; });
    }
}

} // namespace

Janitor::Janitor(const util::Context& ctx, app::Deps& deps)
    : thread_([ctx, &deps](std::stop_token stop) { run(std::move(stop), ctx, deps); }) {}

} // namespace railhub::server
