// SPDX-License-Identifier: Apache-2.0
// A real server on loopback and a peer that speaks to it in raw bytes.
#pragma once

#include "core/util/clock.h"
#include "server/http/server.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::tests {

// Deadlines that no test meets, however busy the machine is.
http::ServerOptions patient_options();
// Deadlines that a test can wait for.
http::ServerOptions strict_options();

// What a peer got back.
struct Answer {
    int status = 0; // 0: closed before a status line came
    std::string head;
    std::string body;
    bool is_whole = false; // as long as its framing says

    [[nodiscard]] std::string header(std::string_view name) const; // empty when absent
};

// One TCP connection; every wait ends after some seconds, so that a broken server fails a test and
// does not hang it.
class Peer {
  public:
    explicit Peer(std::uint16_t port);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    Peer& send(std::string_view bytes);
    // Sends as much as the server takes before it closes; false when it closed early.
    bool send_all(std::string_view bytes);
    enum class Body { Expected, None };
    // The next answer; Body::None for answers to HEAD.
    Answer receive(Body body = Body::Expected);
    std::string receive_some(std::size_t count);
    // Nothing more comes and the server closed.
    bool is_closed();
    void end_sending();
    void close();
    // A small receive window: call before sending.
    void read_slowly(int window = 4096);

    [[nodiscard]] int fd() const { return fd_; }

  private:
    bool fill();

    int fd_ = -1;
    std::string buffer_;
};

// What the observer was told.
struct Seen {
    int status = 0;
    std::uint64_t bytes_sent = 0;
    std::string path;
    std::string note;
};

// Routes, all by path: /hello, /show, /echo, /count, /deny, /limit, /file, /mapped, /read-at,
// /empty, /stream, /cut, /fail, /throw, /inject, /wait (until release()).
class LiveServer {
  public:
    explicit LiveServer(http::ServerOptions options = patient_options());
    ~LiveServer();

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

    http::Server& server() { return *server_; }

    // One request on a connection of its own.
    Answer ask(std::string_view request) const;
    void release();
    // Exchanges so far, at least `count`: waits for them.
    std::vector<Seen> seen(std::size_t count);

    // Content of /file, /mapped and /read-at.
    [[nodiscard]] const std::string& content() const { return content_; }

    [[nodiscard]] int waiting() const { return waiting_; }

    TestContext context;

  private:
    http::Response handle(http::Request& request);
    http::FileBody file_body() const;
    void wait();

    util::SystemClock clock_;
    TempDir folder_;
    const std::string& content_;
    int content_fd_ = -1;
    std::mutex mutex_; // guards released_ and seen_
    std::condition_variable changed_;
    bool released_ = false;
    std::vector<Seen> seen_;
    std::atomic<int> waiting_{0};
    std::unique_ptr<http::Server> server_;
};

// Waits until `condition` holds; false after some seconds.
bool eventually(const std::function<bool()>& condition);

} // namespace railhub::tests
