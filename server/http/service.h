// SPDX-License-Identifier: Apache-2.0
// What happens to a connection between leaving the reactor and coming back: head to request,
// handler, answer, log line.
#pragma once

#include "core/util/context.h"
#include "core/util/random.h"
#include "server/http/counters.h"
#include "server/http/exchange.h"
#include "server/http/pump.h"
#include "server/http/reactor.h"
#include "server/http/server.h"
#include "server/http/workers.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace railhub::http {

// All borrowed; outlives the service's threads.
struct ServiceDeps {
    const util::Context& ctx;
    const ServerOptions& options;
    const Handler& handler;
    const Observer& observer;
    Counters& counters;
    Workers& workers;
};

// Safe from any thread; a connection is in one call at a time.
class Service {
  public:
    explicit Service(const ServiceDeps& deps) : deps_(deps) {}

    // Before the first connection.
    void connect(Reactor& reactor, std::vector<Pump*> pumps, std::string own_authority);

    // In a worker.
    void shake_hands(Connection& connection);
    // In a worker: connection.head_size or refusal is set.
    void serve(Connection& connection);
    // Any thread: the answer is sent, or will never be.
    void finish(Connection& connection, Outcome outcome);

    // From now on each answer is the last of its connection.
    void drain() { draining_ = true; }

  private:
    void run_exchange(Connection& connection);
    Response call_handler(Request& request);
    void refuse(Connection& connection, const Refusal& refusal);
    void send(Connection& connection, Reply reply);
    void send_stream(Connection& connection, Stream& stream, Reply& reply);
    void next(Connection& connection);
    std::string request_id(const Headers& headers);
    ReplyFrame frame_for(const RunningExchange& exchange, Protocol protocol);

    ServiceDeps deps_;
    Reactor* reactor_ = nullptr;
    std::vector<Pump*> pumps_;
    std::string own_authority_;
    util::SystemRandom random_;
    std::atomic<bool> draining_{false};
};

} // namespace railhub::http
