// SPDX-License-Identifier: Apache-2.0
// Who may write which part of which upload session: a newer writer takes the turn, and the older
// one finds out before its next block.
#pragma once

#include "core/util/guarded.h"
#include "core/util/result.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace railhub::storage::detail {

// One writer's claim on one part. While a Hold lives, no other writer of the part gets on.
class PartTurn {
  public:
    // Conflict once a newer writer or the end of the session took the turn.
    using Hold = std::unique_lock<std::mutex>;

    util::Result<Hold> hold();

    [[nodiscard]] std::uint64_t ticket() const { return ticket_; }

  private:
    friend class PartTurns;

    struct Seat {
        std::mutex mutex; // held for a block at a time: orders the writes of old and new
        std::uint64_t holder = 0;
    };

    std::shared_ptr<Seat> seat_; // shared by the writers of one part
    std::uint64_t ticket_ = 0;
};

// Safe from any thread.
class PartTurns {
  public:
    // Takes the turn from whoever has it.
    PartTurn take(std::string_view session, std::uint32_t number);
    // Every writer of the session loses its turn.
    void end(std::string_view session);

    // Sessions that are being joined and must be left alone. Waits while somebody else joins this
    // one.
    void begin_joining(std::string_view session);
    void end_joining(std::string_view session);
    bool is_joining(std::string_view session);
    void wait_joined(std::string_view session);

  private:
    using Seats = std::map<std::string, std::shared_ptr<PartTurn::Seat>, std::less<>>;

    struct State {
        Seats seats; // by session/number
        std::set<std::string, std::less<>> joining;
    };

    util::Guarded<State> state_;
    std::condition_variable joined_;
    std::atomic<std::uint64_t> next_ticket_ = 1;
};

} // namespace railhub::storage::detail
