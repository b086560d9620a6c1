// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/thread_pool.
#include "core/util/thread_pool.h"
#include "tests/support/catch.h"

#include <atomic>
#include <future>
#include <memory>

namespace railhub::util {

TEST_CASE("every submitted job runs before the pool ends", "[util][thread_pool]") {
    std::atomic<int> done = 0;
    {
        ThreadPool pool(3, 2);
        for (int i = 0; i < 500; ++i) {
            pool.submit([&done] { ++done; });
        }
    }
    CHECK(done == 500);
}

TEST_CASE("waiting for idleness waits for running jobs and what they hold", "[util][thread_pool]") {
    ThreadPool pool(2, 8);
    std::atomic<int> done = 0;
    const auto held = std::make_shared<int>(1);
    for (int i = 0; i < 20; ++i) {
        pool.submit([&done, held] { ++done; });
    }
    pool.wait_idle();
    CHECK(done == 20);
    CHECK(held.use_count() == 1);
    pool.wait_idle();
}

TEST_CASE("jobs of a pool run at the same time", "[util][thread_pool]") {
    ThreadPool pool(2, 2);
    std::promise<void> first;
    std::promise<void> second;
    // Each waits for the other; with one thread this would never end.
    pool.submit([&] {
        first.set_value();
        second.get_future().wait();
    });
    pool.submit([&] {
        second.set_value();
        first.get_future().wait();
    });
    pool.wait_idle();
    SUCCEED();
}

TEST_CASE("submit waits while the queue is full", "[util][thread_pool]") {
    ThreadPool pool(1, 1);
    std::promise<void> gate;
    const std::shared_future<void> opened(gate.get_future());
    pool.submit([opened] { opened.wait(); });
    std::atomic<int> submitted = 0;
    std::thread producer([&] {
        for (int i = 0; i < 3; ++i) {
            pool.submit([] {});
            ++submitted;
        }
    });
    // One runs, one waits in the queue: of three more at most two fit before the gate opens.
    CHECK(submitted <= 2);
    gate.set_value();
    producer.join();
    pool.wait_idle();
    CHECK(submitted == 3);
}

} // namespace railhub::util
