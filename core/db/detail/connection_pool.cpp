// SPDX-License-Identifier: Apache-2.0
// ConnectionPool: opening on demand, waiting with a limit.
#include "core/db/detail/connection_pool.h"

namespace railhub::db::detail {

// Null: there is room for one more, counted already, which the caller opens outside the lock.
util::Result<std::unique_ptr<Connection>> ConnectionPool::wait_for_one(const util::Context& ctx) {
    auto state = state_.access();
    const bool in_time = freed_.wait_for(state.lock(), ctx.stop, limits_.wait, [&] {
        return !state->idle.empty() || state->open < limits_.open;
    });
    RAILHUB_TRY(ctx.check_stop());
    if (!in_time) {
        return util::fail(
            util::Code::Unavailable,
            role_ == Role::Writer ? "database is busy: another write takes too long"
                                  : "database is busy: too many readers",
            "try again in a moment"
        );
    }
    std::unique_ptr<Connection> connection;
    if (state->idle.empty()) {
        ++state->open;
    } else {
        connection = std::move(state->idle.back());
        state->idle.pop_back();
    }
    return connection;
}

util::Result<ConnectionPool::Lease> ConnectionPool::take(const util::Context& ctx) {
    RAILHUB_TRY(auto connection, wait_for_one(ctx));
    if (connection == nullptr) {
        auto opened = Connection::open(path_, role_);
        if (!opened.ok()) {
            forget_one();
            return std::move(opened).error();
        }
        connection = std::move(opened).value();
    }
    connection->watch(ctx.stop);
    return Lease(connection.release(), Return{this});
}

void ConnectionPool::give_back(Connection* connection) {
    std::unique_ptr<Connection> owned(connection);
    owned->watch({});
    {
        auto state = state_.access();
        if (state->idle.size() < limits_.kept) {
            state->idle.push_back(std::move(owned));
        } else {
            --state->open;
        }
    }
    freed_.notify_one();
}

void ConnectionPool::forget_one() {
    --state_.access()->open;
    freed_.notify_one();
}

} // namespace railhub::db::detail
