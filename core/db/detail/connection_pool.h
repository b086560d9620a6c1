// SPDX-License-Identifier: Apache-2.0
// A bounded pool of connections to one database; with a limit of one it is the writer's turnstile.
#pragma once

#include "core/db/detail/connection.h"
#include "core/util/context.h"
#include "core/util/guarded.h"

#include <condition_variable>

namespace railhub::db::detail {

struct PoolLimits {
    std::size_t open = 1; // at the same time
    std::size_t kept = 1; // when nobody uses them
    std::chrono::milliseconds wait{};
};

// Safe from any thread; outlives every lease.
class ConnectionPool {
  public:
    ConnectionPool(std::string path, Role role, PoolLimits limits)
        : path_(std::move(path)), role_(role), limits_(limits) {}

    // Puts the connection back.
    struct Return {
        ConnectionPool* pool = nullptr;

        void operator()(Connection* connection) const { pool->give_back(connection); }
    };

    using Lease = std::unique_ptr<Connection, Return>;

    // Waits for a free one; Unavailable after the time in the limits, Cancelled when asked to stop.
    util::Result<Lease> take(const util::Context& ctx);

  private:
    struct State {
        std::vector<std::unique_ptr<Connection>> idle;
        std::size_t open = 0;
    };

    util::Result<std::unique_ptr<Connection>> wait_for_one(const util::Context& ctx);
    void give_back(Connection* connection);
    void forget_one();

    const std::string path_;
    const Role role_;
    const PoolLimits limits_;
    util::Guarded<State> state_;
    std::condition_variable_any freed_;
};

} // namespace railhub::db::detail
