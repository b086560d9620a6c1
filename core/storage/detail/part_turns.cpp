// SPDX-License-Identifier: Apache-2.0
// Turns are seats with the ticket of their holder.
#include "core/storage/detail/part_turns.h"

#include <vector>

namespace railhub::storage::detail {

util::Result<PartTurn::Hold> PartTurn::hold() {
    Hold hold(seat_->mutex);
    if (seat_->holder == ticket_) {
        return hold;
    }
    return util::fail(
        util::Code::Conflict,
        "part was taken over by a newer upload of it, or the session ended",
        "list the parts and send what is missing"
    );
}

PartTurn PartTurns::take(std::string_view session, std::uint32_t number) {
    PartTurn turn;
    turn.ticket_ = next_ticket_++;
    {
        auto state = state_.access();
        auto& seat = state->seats[std::string(session) + "/" + std::to_string(number)];
        if (seat == nullptr) {
            seat = std::make_shared<PartTurn::Seat>();
        }
        turn.seat_ = seat;
    }
    const PartTurn::Hold hold(turn.seat_->mutex);
    turn.seat_->holder = turn.ticket_;
    return turn;
}

void PartTurns::end(std::string_view session) {
    std::vector<std::shared_ptr<PartTurn::Seat>> ended;
    {
        auto state = state_.access();
        const std::string first = std::string(session) + "/";
        auto at = state->seats.lower_bound(first);
        while (at != state->seats.end() && at->first.starts_with(first)) {
            ended.push_back(std::move(at->second));
            at = state->seats.erase(at);
        }
    }
    for (const auto& seat : ended) {
        const PartTurn::Hold hold(seat->mutex);
        seat->holder = 0;
    }
}

void PartTurns::begin_joining(std::string_view session) {
    auto state = state_.access();
    joined_.wait(state.lock(), [&] { return state->joining.count(session) == 0; });
    state->joining.emplace(session);
}

void PartTurns::end_joining(std::string_view session) {
    {
        auto state = state_.access();
        const auto found = state->joining.find(session);
        if (found != state->joining.end()) {
            state->joining.erase(found);
        }
    }
    joined_.notify_all();
}

bool PartTurns::is_joining(std::string_view session) {
    return state_.access()->joining.count(session) != 0;
}

void PartTurns::wait_joined(std::string_view session) {
    auto state = state_.access();
    joined_.wait(state.lock(), [&] { return state->joining.count(session) == 0; });
}

} // namespace railhub::storage::detail
