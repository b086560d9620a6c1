// SPDX-License-Identifier: Apache-2.0
// The thread that parks connections: accepts, reads heads without blocking, keeps deadlines, ends
// connections gently.
#pragma once

#include "core/util/clock.h"
#include "core/util/io.h"
#include "server/http/counters.h"
#include "server/http/exchange.h"
#include "server/http/server.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace railhub::http {

// Owns every open connection in a table by descriptor. A connection that was handed to a hook
// belongs to that hook until it calls park() or close(). Safe from any thread.
class Reactor {
  public:
    struct Hooks {
        // For a fresh socket; in the reactor's thread, must not block.
        std::function<std::unique_ptr<Transport>(util::FileHandle socket)> welcome;
        // The socket of a connection in Phase::Handshake is ready. Must not block.
        std::function<void(Connection&)> shake_hands;
        // head_size or refusal is set. Must not block.
        std::function<void(Connection&)> serve;
    };

    static util::Result<std::unique_ptr<Reactor>> open(
        const ServerOptions& options,
        util::Clock& clock,
        Counters& counters,
        util::FileHandle listener,
        Hooks hooks
    );
    ~Reactor(); // stop()

    void start();

    // Waits for the peer: to go on with what `phase` says. Handshakes and heads keep the deadline
    // they had.
    void park(Connection& connection, Phase phase, IoState wanted = IoState::WantRead);
    void close(Connection& connection);
    // Says goodbye, then throws away what still comes for a short while, so that the peer can read
    // the answer before it sees a reset.
    void end(Connection& connection);

    // Looks for a whole head in the buffer; sets head_size or refusal and returns true if there is
    // something to serve.
    [[nodiscard]] bool find_head(Connection& connection) const;

    // Stops accepting and closes idle connections, now and whenever one becomes idle.
    void drain();
    // True when no connection is left.
    bool wait_empty(std::chrono::milliseconds time);
    // Cuts all connections: whoever works on one sees it closed.
    void cut_all();
    // Ends the thread. All connections must be gone or parked.
    void stop();

  private:
    Reactor(const ServerOptions& options, util::Clock& clock, Counters& counters, Hooks hooks);

    void run();
    void on_event(int fd);
    void accept_all();
    void adopt(util::FileHandle socket, std::string peer);
    void turn_away(Connection& connection);
    void read_head(Connection& connection, Phase phase);
    void throw_away(Connection& connection);
    void park_until(
        Connection& connection,
        Phase phase,
        IoState wanted,
        std::chrono::steady_clock::time_point deadline
    );
    void sweep();
    void evict_idle();
    void close_idle();
    void expire(Connection& connection, Phase phase);
    void remove(Connection& connection);
    Connection* take(int fd, Phase& phase);
    std::vector<int> parked(const std::function<bool(const Connection&)>& choose);
    [[nodiscard]] int next_timeout();
    void wake() const;

    const ServerOptions& options_;
    util::Clock& clock_;
    Counters& counters_;
    Hooks hooks_;
    util::FileHandle listener_;
    util::FileHandle spare_; // given up to accept and refuse when descriptors run out
    util::FileHandle epoll_;
    util::FileHandle wake_;
    std::atomic<bool> draining_{false};
    std::atomic<bool> stopping_{false};
    std::chrono::steady_clock::time_point next_sweep_;
    std::vector<std::uint8_t> scratch_;

    // A bare mutex and not Guarded: the condition belongs to it, and epoll calls are made under it
    // so that no descriptor is armed after it was closed.
    std::mutex mutex_;
    std::condition_variable empty_;
    std::vector<std::unique_ptr<Connection>> table_; // by descriptor
    std::size_t live_ = 0;

    std::thread thread_;
};

} // namespace railhub::http
