// SPDX-License-Identifier: Apache-2.0
// A transport as a worker uses it: waits for the peer, but not for ever.
#pragma once

#include "core/util/clock.h"
#include "server/http/counters.h"
#include "server/http/transport.h"
#include "server/http/workers.h"

#include <chrono>
#include <cstddef>
#include <span>

namespace railhub::http {

// What a stream borrows; all of it outlives the stream.
struct StreamDeps {
    Workers& workers;
    Counters& counters;
    util::Clock& clock;
    std::chrono::milliseconds read_idle{60'000};
    std::chrono::milliseconds write_idle{60'000};
};

// Deadlines count only the time spent waiting and are renewed by every 4 KiB that move, so that a
// peer cannot hold on with a byte now and then. Unavailable when one passes. While it waits, the
// worker's place is free for another job. One thread at a time.
class Stream {
  public:
    Stream(Transport& transport, const StreamDeps& deps);

    // At least one byte straight into `into`; 0 when the peer closed.
    util::Result<std::size_t> read(std::span<std::uint8_t> into);
    // All of `parts`, in order; they are consumed. Io when the peer is gone.
    util::Result<> write(std::span<util::ByteView> parts);

    [[nodiscard]] Transport& transport() { return transport_; }

    // Shortens the reading deadline for what is left of the exchange.
    void hurry(std::chrono::milliseconds read_idle);

  private:
    // Time left to wait, and what moved since it was renewed.
    struct Patience {
        std::chrono::milliseconds whole;
        std::chrono::milliseconds left;
        std::size_t moved = 0;

        void renew(std::size_t bytes);
    };

    util::Result<> wait(IoState wanted, Patience& patience);

    Transport& transport_;
    StreamDeps deps_;
    Patience reading_;
    Patience writing_;
};

} // namespace railhub::http
