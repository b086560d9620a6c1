// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/workers.
#include "server/http/workers.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>

namespace railhub::tests {

using http::Workers;

TEST_CASE("stop runs all that was submitted") {
    std::atomic<int> done{0};
    {
        Workers workers(2, 4);
        for (int i = 0; i < 1000; ++i) {
            workers.submit([&done] { ++done; });
        }
    }
    CHECK(done == 1000);
}

TEST_CASE("no more jobs run at once than the target says") {
    std::atomic<int> now{0};
    std::atomic<int> most{0};
    Workers workers(3, 100);
    for (int i = 0; i < 30; ++i) {
        workers.submit([&] {
            most = std::max<int>(most, ++now);
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            --now;
        });
    }
    workers.stop();
    CHECK(most <= 3);
    CHECK(now == 0);
}

TEST_CASE("a job that waits for its peer leaves its place to another") {
    Workers workers(1, 8);
    std::promise<void> open;
    const std::shared_future<void> opened = open.get_future().share();
    std::atomic<int> waiting{0};
    for (int i = 0; i < 4; ++i) {
        workers.submit([&] {
            ++waiting;
            const Workers::PeerWait away(workers);
            opened.wait();
        });
    }
    std::promise<void> other;
    workers.submit([&] { other.set_value(); });
    CHECK(other.get_future().wait_for(std::chrono::seconds(8)) == std::future_status::ready);
    CHECK(waiting == 4);
    open.set_value();
    workers.stop();
}

TEST_CASE("two jobs submitted at once to an idle pool both start") {
    for (int round = 0; round < 50; ++round) {
        Workers workers(4, 4);
        std::promise<void> first;
        std::promise<void> second;
        auto first_seen = first.get_future().share();
        auto second_seen = second.get_future().share();
        workers.submit([] {});
        // Each waits for the other: they finish only if they run side by side.
        std::atomic<int> met{0};
        workers.submit([&, second_seen] {
            first.set_value();
            met +=
                second_seen.wait_for(std::chrono::seconds(8)) == std::future_status::ready ? 1 : 0;
        });
        workers.submit([&, first_seen] {
            second.set_value();
            met +=
                first_seen.wait_for(std::chrono::seconds(8)) == std::future_status::ready ? 1 : 0;
        });
        workers.stop();
        REQUIRE(met == 2);
    }
}

} // namespace railhub::tests
