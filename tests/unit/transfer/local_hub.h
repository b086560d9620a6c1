// SPDX-License-Identifier: Apache-2.0
// LocalHub: a small server on loopback for tests of transfers, with one repository held in memory
// and faults on request.
#pragma once

#include "core/transfer/curl_client.h"
#include "core/transfer/hub_client.h"
#include "server/http/server.h"
#include "tests/support/fixed_random.h"
#include "tests/support/test_context.h"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace railhub::tests {

// Runs a handler on a free port until it is destroyed; remembers what was asked.
class LocalServer {
  public:
    explicit LocalServer(http::Handler handler);
    ~LocalServer();
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

    [[nodiscard]] std::string url() const { return server_->url(); }

    // "GET /path", in the order of arrival.
    [[nodiscard]] std::vector<std::string> asked();

  private:
    TestContext context_;
    std::mutex mutex_; // guards asked_
    std::vector<std::string> asked_;
    std::unique_ptr<http::Server> server_;
};

// A repository "ada/model" of large and small files at one commit.
class LocalHub {
  public:
    LocalHub();

    void add_large(const std::string& path, std::string bytes);
    void add_small(const std::string& path, std::string bytes);

    // Number of GETs of file bytes.
    [[nodiscard]] int gets() const { return gets_; }

    // Faults.
    std::atomic<bool> ignores_range{false};
    std::atomic<int> cuts{0};        // so many answers break off in the middle
    std::atomic<int> corruptions{0}; // so many answers have a wrong byte
    std::atomic<int> refusals{0};    // so many answers are 503 with Retry-After: 0
    std::atomic<bool> is_gone{false};

    static constexpr std::string_view kCommit = "1111111111111111111111111111111111111111";

    struct File {
        std::string path;
        std::string bytes;
        bool is_large = false;
    };

    std::vector<File> files; // before the first request only

  private:
    http::Response answer(http::Request& request);
    http::Response file_answer(const File& file, const http::Request& request);
    [[nodiscard]] util::Json tree() const;

    std::atomic<int> gets_{0};

  public:
    LocalServer server; // last: its threads use the rest
};

// Everything a transfer needs, against one endpoint.
struct Client {
    explicit Client(const std::string& endpoint, const std::string& token = "")
        : session(http, random, endpoint, token, quick), hub(session) {}

    // Waits of a millisecond, so that tests of retries take none.
    static constexpr util::RetryPolicy quick{
        4, std::chrono::milliseconds(1), std::chrono::milliseconds(2)};

    TestContext test;
    util::Context ctx = test.context();
    transfer::CurlClient http;
    FixedRandom random;
    transfer::Session session;
    transfer::HubClient hub;
};

// Bytes that differ at every place.
std::string pattern(std::size_t size, std::uint32_t seed = 1);

} // namespace railhub::tests
