// SPDX-License-Identifier: Apache-2.0
// Counters for /metrics in the text format of Prometheus.
#pragma once

#include "core/util/guarded.h"
#include "server/http/server.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace railhub::server {

// Safe from any thread.
class Metrics {
  public:
    void count(
        std::string_view route,
        int status,
        std::chrono::microseconds duration,
        std::uint64_t bytes_sent
    );
    // `http` is a snapshot of the connection counters.
    [[nodiscard]] std::string page(const http::ServerStats& http);

    static constexpr std::array<std::uint64_t, 10> kBucketMicros = {
        1'000, 2'500, 5'000, 10'000, 25'000, 100'000, 500'000, 2'500'000, 10'000'000, 60'000'000};

  private:
    struct Durations {
        std::array<std::uint64_t, kBucketMicros.size()> buckets{}; // not cumulative
        std::uint64_t count = 0;
        std::uint64_t micros = 0;
        std::uint64_t bytes = 0;
    };

    struct State {
        std::map<std::pair<std::string, int>, std::uint64_t, std::less<>> requests;
        std::map<std::string, Durations, std::less<>> durations;
    };

    util::Guarded<State> state_;
};

} // namespace railhub::server
