// SPDX-License-Identifier: Apache-2.0
// The running totals behind ServerStats.
#pragma once

#include "server/http/server.h"

#include <atomic>
#include <cstdint>

namespace railhub::http {

// Safe from any thread; relaxed, because nothing is decided by them.
struct Counters {
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> connections_total{0};
    std::atomic<std::uint64_t> requests_total{0};
    std::atomic<std::uint64_t> rejected_total{0};
    std::atomic<std::uint64_t> bytes_received{0};
    std::atomic<std::uint64_t> bytes_sent{0};
    std::atomic<std::uint64_t> pumping{0};

    static void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
        counter.fetch_add(amount, std::memory_order_relaxed);
    }

    [[nodiscard]] ServerStats snapshot() const {
        const auto value = [](const std::atomic<std::uint64_t>& counter) {
            return counter.load(std::memory_order_relaxed);
        };
        return ServerStats{
            value(connections_open),
            value(connections_total),
            value(requests_total),
            value(rejected_total),
            value(bytes_received),
            value(bytes_sent),
            value(pumping),
        };
    }
};

} // namespace railhub::http
