// SPDX-License-Identifier: Apache-2.0
// Tests of core/transfer/queue.
#include "core/transfer/file_lock.h"
#include "core/transfer/queue.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"

#include <atomic>
#include <thread>

namespace railhub::tests {

TEST_CASE("every job runs once", "[transfer]") {
    TestContext test;
    std::vector<std::atomic<int>> runs(100);
    REQUIRE_OK(transfer::run_jobs(
        test.context(),
        4,
        runs.size(),
        [&](const util::Context&, std::size_t i) {
            ++runs[i];
            return util::Result<>();
        }
    ));
    for (const auto& count : runs) {
        CHECK(count == 1);
    }
}

TEST_CASE("the first error ends the rest", "[transfer]") {
    TestContext test;
    std::atomic<int> runs{0};
    const auto result = transfer::run_jobs(
        test.context(),
        1,
        100,
        [&](const util::Context&, std::size_t i) -> util::Result<> {
            ++runs;
            if (i == 3) {
                return util::fail(util::Code::Corrupt, "three");
            }
            return {};
        }
    );
    REQUIRE_ERROR(result, util::Code::Corrupt);
    CHECK(runs == 4);
}

TEST_CASE("a failure stops jobs that are under way", "[transfer]") {
    TestContext test;
    const auto result = transfer::run_jobs(
        test.context(),
        2,
        2,
        [&](const util::Context& ctx, std::size_t i) -> util::Result<> {
            if (i == 0) {
                return util::fail(util::Code::Io, "broken");
            }
            while (!ctx.stop.stop_requested()) {
                std::this_thread::yield();
            }
            return ctx.check_stop();
        }
    );
    REQUIRE_ERROR(result, util::Code::Io);
}

TEST_CASE("a file lock keeps the second one waiting", "[transfer]") {
    TestContext test;
    TempDir dir;
    const auto fs = util::make_posix_fs();
    const std::string path = dir.file("locks/x.lock");
    std::atomic<bool> second_has_it{false};
    std::thread second;
    {
        auto first = transfer::FileLock::acquire(test.context(), *fs, path);
        REQUIRE_OK(first);
        second = std::thread([&] {
            const auto lock = transfer::FileLock::acquire(test.context(), *fs, path);
            second_has_it = lock.ok();
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(120));
        CHECK_FALSE(second_has_it);
    }
    second.join();
    CHECK(second_has_it);
    auto held = transfer::FileLock::acquire(test.context(), *fs, path);
    REQUIRE_OK(held);
    test.stop.request_stop();
    REQUIRE_ERROR(transfer::FileLock::acquire(test.context(), *fs, path), util::Code::Cancelled);
}

} // namespace railhub::tests
