// SPDX-License-Identifier: Apache-2.0
// Looks once a second; nothing to do costs one read.
#include "server/license_indexer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace railhub::server {

namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(500);
constexpr auto kAfterTrouble = std::chrono::seconds(10);
constexpr std::size_t kJudgedAtOnce = 64;

void judge_until_stopped(std::stop_token stop, util::Context ctx, app::Deps& deps) {
    ctx.stop = stop;
    app::LicenseJudge judge(deps);
    std::mutex mutex;
    std::condition_variable_any tick;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        const auto judged = judge.judge_some(ctx, kJudgedAtOnce);
        if (judged.ok() && *judged == kJudgedAtOnce) {
            continue;
        }
        if (!judged.ok() && judged.error().code != util::Code::Cancelled) {
            ctx.log.warn("cannot judge licenses", {{"error", util::to_line(judged.error())}});
        }
        const auto pause = judged.ok() ? std::chrono::milliseconds(kLookEvery)
                                       : std::chrono::milliseconds(kAfterTrouble);
        tick.wait_for(lock, stop, pause, [] { return false; });
    }
}

} // namespace

LicenseIndexer::LicenseIndexer(const util::Context& ctx, app::Deps& deps)
    : thread_([ctx, &deps](std::stop_token stop) {
          judge_until_stopped(std::move(stop), ctx, deps);
      }) {}

} // namespace railhub::server
