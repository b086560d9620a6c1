// SPDX-License-Identifier: Apache-2.0
// Threads for one batch of jobs.
#include "core/transfer/queue.h"

#include "core/util/guarded.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace railhub::transfer {

util::Result<>
run_jobs(const util::Context& ctx, std::size_t workers, std::size_t count, const Job& job) {
    std::stop_source stop;
    const std::stop_callback forward(ctx.stop, [&stop] { stop.request_stop(); });
    const util::Context inner{ctx.log, ctx.progress, ctx.clock, stop.get_token()};
    std::atomic<std::size_t> next{0};
    util::Guarded<std::optional<util::Error>> first_error;
    const auto work = [&] {
        while (!stop.stop_requested()) {
            const std::size_t index = next.fetch_add(1);
            if (index >= count) {
                return;
            }
            auto result = job(inner, index);
            if (!result.ok()) {
                auto error = first_error.access();
                if (!error->has_value()) {
                    *error = std::move(result).error();
                }
                stop.request_stop();
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(workers, count); ++i) {
        threads.emplace_back(work);
    }
    work();
    for (auto& thread : threads) {
        thread.join();
    }
    if (auto error = first_error.access(); error->has_value()) {
        return **error;
    }
    return ctx.check_stop();
}

} // namespace railhub::transfer
