// SPDX-License-Identifier: Apache-2.0
// A thread that sends what is left of many answers, so that a slow download holds no worker.
#pragma once

#include "core/util/clock.h"
#include "core/util/io.h"
#include "server/http/counters.h"
#include "server/http/exchange.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace railhub::http {

enum class Outcome : std::uint8_t { Complete, Broken };

// Every ready peer gets about a mebibyte in turn. Memory does not grow with the number of
// transfers.
class Pump {
  public:
    // `done` gives the connection back, in the pump's thread; it must not block.
    using Done = std::function<void(Connection&, Outcome)>;

    static util::Result<std::unique_ptr<Pump>>
    open(util::Clock& clock, Counters& counters, std::chrono::milliseconds write_idle, Done done);
    ~Pump(); // stop()

    // Sends connection.exchange->outgoing. Safe from any thread.
    void add(Connection& connection);

    [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }

    // Gives up what still runs and joins.
    void stop();

  private:
    struct Transfer {
        Connection* connection = nullptr;
        IoState waits_for = IoState::WantWrite;
        std::chrono::steady_clock::time_point deadline;
    };

    Pump(util::Clock& clock, Counters& counters, std::chrono::milliseconds write_idle, Done done);

    void run();
    void take_new();
    void step(Transfer& transfer);
    void finish(const Transfer& transfer, Outcome outcome);
    void give_up_late();
    void watch(int operation, const Transfer& transfer) const;
    void wake() const;

    util::Clock& clock_;
    Counters& counters_;
    const std::chrono::milliseconds write_idle_;
    Done done_;
    util::FileHandle epoll_;
    util::FileHandle wake_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::size_t> load_{0};
    std::vector<std::uint8_t> scratch_; // made with the first transfer
    std::unordered_map<int, Transfer> transfers_;
    std::mutex mutex_; // for added_ alone
    std::vector<Connection*> added_;
    std::thread thread_;
};

} // namespace railhub::http
