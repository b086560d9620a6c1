// SPDX-License-Identifier: Apache-2.0
#include "server/janitor.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace railhub::server {

namespace {

constexpr auto kRound = std::chrono::minutes(1);
constexpr std::size_t kHolderBytes = 8;

void run(
    std::stop_token stop, util::Context ctx, app::Deps& deps, const app::JobSettings& settings
) {
    ctx.stop = stop;
    const auto jobs = app::background_jobs(deps, settings);
    const app::JobLease lease{util::random_hex(deps.random, kHolderBytes)};
    std::mutex mutex;
    std::condition_variable_any tick;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        const auto ran = app::run_due_jobs(ctx, deps, jobs, lease);
        if (!ran.ok() && ran.error().code != util::Code::Cancelled) {
            ctx.log.warn("cannot run jobs", {{"error", util::to_line(ran.error())}});
        }
        tick.wait_for(lock, stop, kRound, [] { return false; });
    }
}

} // namespace

Janitor::Janitor(const util::Context& ctx, app::Deps& deps, const app::JobSettings& settings)
    : thread_([ctx, &deps, settings](std::stop_token stop) {
          run(std::move(stop), ctx, deps, settings);
      }) {}

} // namespace railhub::server
