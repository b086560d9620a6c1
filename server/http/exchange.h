// SPDX-License-Identifier: Apache-2.0
// One request and its answer while they are in work, and the connection they run on.
#pragma once

#include "server/http/body.h"
#include "server/http/header_block.h"
#include "server/http/input_buffer.h"
#include "server/http/outgoing.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "server/http/stream.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace railhub::http {

// Lives until the last byte of the answer is sent, which may be long after the handler returned.
struct RunningExchange {
    Request request;
    Persistence persistence = Persistence::KeepAlive;
    int status = 0;
    std::string note;
    Outgoing outgoing;
    std::uint64_t bytes_sent = 0;
    std::chrono::steady_clock::time_point start;
};

// Where a connection is: parked in the reactor in one of the first four, else somebody works on it.
enum class Phase : std::uint8_t {
    Handshake,
    Idle,   // nothing of a request is here yet
    Head,   // a part of a head is here
    Ending, // all is said; what still comes in is thrown away
    Busy,
};

// Owned by the reactor's table; used by whoever has it, one thread at a time. Kept small: 300 of
// them may be parked for every one that works.
struct Connection {
    std::unique_ptr<Transport> transport;
    std::string peer;
    InputBuffer input;
    std::size_t scanned = 0;        // how far input was searched for the end of the head
    std::size_t head_size = 0;      // of the whole head at the front of input, or 0
    std::uint64_t served = 0;       // requests so far
    std::optional<Refusal> refusal; // set by the reactor: answer with this and close
    std::unique_ptr<RunningExchange> exchange;
    Phase phase = Phase::Busy;                      // guarded by the table's lock
    std::chrono::steady_clock::time_point deadline; // guarded by the table's lock
};

} // namespace railhub::http
