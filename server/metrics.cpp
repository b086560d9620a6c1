// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.h"

#include <algorithm>

namespace railhub::server {

namespace {

std::string seconds_text(std::uint64_t micros) {
    std::string digits = std::to_string(micros % 1'000'000);
    digits.insert(0, 6 - digits.size(), '0');
    return std::to_string(micros / 1'000'000) + "." + digits;
}

void add_head(
    std::string& page, std::string_view name, std::string_view type, std::string_view help
) {
    page.append("# HELP ").append(name).append(" ").append(help).append("\n");
    page.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void add_value(
    std::string& page, std::string_view name, std::string_view labels, const std::string& value
) {
    page.append(name).append(labels).append(" ").append(value).append("\n");
}

struct Gauge {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t http::ServerStats::*field;
};

constexpr Gauge kHttpGauges[] = {
    {"railhub_connections", "gauge", "Open connections.", &http::ServerStats::connections_open},
    {"railhub_connections_total",
     "counter",
     "Accepted connections.",
     &http::ServerStats::connections_total},
    {"railhub_rejected_total",
     "counter",
     "Requests refused before a handler ran.",
     &http::ServerStats::rejected_total},
    {"railhub_received_bytes_total",
     "counter",
     "Bytes received.",
     &http::ServerStats::bytes_received},
    {"railhub_sent_bytes_total", "counter", "Bytes sent.", &http::ServerStats::bytes_sent},
    {"railhub_downloads", "gauge", "File answers being sent.", &http::ServerStats::pumping},
};

} // namespace

void Metrics::count(
    std::string_view route, int status, std::chrono::microseconds duration, std::uint64_t bytes_sent
) {
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
    const auto* bucket = std::lower_bound(kBucketMicros.begin(), kBucketMicros.end(), micros);
    auto state = state_.access();
    ++state->requests[{std::string(route), status}];
    auto row = state->durations.find(route);
    if (row == state->durations.end()) {
        row = state->durations.emplace(route, Durations{}).first;
    }
    Durations& durations = row->second;
    ++durations.count;
    durations.micros += micros;
    durations.bytes += bytes_sent;
    if (bucket != kBucketMicros.end()) {
        ++durations.buckets[static_cast<std::size_t>(bucket - kBucketMicros.begin())];
    }
}

std::string Metrics::page(const http::ServerStats& http) {
    std::string page;
    for (const Gauge& gauge : kHttpGauges) {
        add_head(page, gauge.name, gauge.type, gauge.help);
        add_value(page, gauge.name, "", std::to_string(http.*gauge.field));
    }
    auto state = state_.access();
    add_head(page, "railhub_requests_total", "counter", "Requests by route and status.");
    for (const auto& [key, value] : state->requests) {
        const std::string labels =
            "{route=\"" + key.first + "\",status=\"" + std::to_string(key.second) + "\"}";
        add_value(page, "railhub_requests_total", labels, std::to_string(value));
    }
    add_head(page, "railhub_response_bytes_total", "counter", "Bytes of answers by route.");
    for (const auto& [route, durations] : state->durations) {
        const std::string labels = "{route=\"" + route + "\"}";
        add_value(page, "railhub_response_bytes_total", labels, std::to_string(durations.bytes));
    }
    add_head(page, "railhub_request_seconds", "histogram", "Time from first to last byte.");
    for (const auto& [route, durations] : state->durations) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < kBucketMicros.size(); ++i) {
            sum += durations.buckets[i];
            const std::string labels =
                "{route=\"" + route + "\",le=\"" + seconds_text(kBucketMicros[i]) + "\"}";
            add_value(page, "railhub_request_seconds_bucket", labels, std::to_string(sum));
        }
        const std::string labels = "{route=\"" + route + "\"}";
        const std::string all = "{route=\"" + route + "\",le=\"+Inf\"}";
        add_value(page, "railhub_request_seconds_bucket", all, std::to_string(durations.count));
        add_value(page, "railhub_request_seconds_sum", labels, seconds_text(durations.micros));
        add_value(page, "railhub_request_seconds_count", labels, std::to_string(durations.count));
    }
    return page;
}

} // namespace railhub::server
