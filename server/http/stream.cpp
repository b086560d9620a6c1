// SPDX-License-Identifier: Apache-2.0
// Try first, poll only when the kernel says "later".
#include "server/http/stream.h"

#include <algorithm>
#include <poll.h>

namespace railhub::http {

namespace {

constexpr std::size_t kRenewingBytes = 4096;

// Takes `count` bytes off the front of a list of parts; returns how many parts are used up.
std::size_t consume_parts(std::span<util::ByteView> parts, std::size_t count) {
    std::size_t used = 0;
    while (used < parts.size() && count >= parts[used].size()) {
        count -= parts[used].size();
        ++used;
    }
    if (used < parts.size()) {
        parts[used] = parts[used].subspan(count);
    }
    return used;
}

} // namespace

void Stream::Patience::renew(std::size_t bytes) {
    moved += bytes;
    if (moved >= kRenewingBytes) {
        moved = 0;
        left = whole;
    }
}

Stream::Stream(Transport& transport, const StreamDeps& deps)
    : transport_(transport),
      deps_(deps), reading_{deps.read_idle, deps.read_idle}, writing_{
                                                                 deps.write_idle,
                                                                 deps.write_idle} {}

void Stream::hurry(std::chrono::milliseconds read_idle) {
    reading_ = Patience{std::min(read_idle, reading_.whole), std::min(read_idle, reading_.left)};
}

util::Result<> Stream::wait(IoState wanted, Patience& patience) {
    const Workers::PeerWait away(deps_.workers);
    pollfd entry{
        transport_.fd(), static_cast<short>(wanted == IoState::WantRead ? POLLIN : POLLOUT), 0};
    const auto start = deps_.clock.steady();
    const int ready = ::poll(&entry, 1, static_cast<int>(patience.left.count()));
    const auto spent =
        std::chrono::duration_cast<std::chrono::milliseconds>(deps_.clock.steady() - start);
    patience.left -= std::min(spent, patience.left);
    if (ready == 0 || patience.left.count() == 0) {
        return util::fail(util::Code::Unavailable, "the peer is too slow");
    }
    return {};
}

util::Result<std::size_t> Stream::read(std::span<std::uint8_t> into) {
    while (true) {
        const IoStep step = transport_.recv(into);
        if (step.state == IoState::Done) {
            Counters::add(deps_.counters.bytes_received, step.bytes);
            reading_.renew(step.bytes);
            return step.bytes;
        }
        if (step.state == IoState::Closed) {
            return std::size_t{0};
        }
        RAILHUB_TRY(wait(step.state, reading_));
    }
}

util::Result<> Stream::write(std::span<util::ByteView> parts) {
    parts = parts.subspan(consume_parts(parts, 0));
    while (!parts.empty()) {
        const IoStep step = transport_.send(parts, More::No);
        if (step.state == IoState::Closed) {
            return util::fail(util::Code::Io, "the peer closed the connection");
        }
        if (step.state != IoState::Done) {
            RAILHUB_TRY(wait(step.state, writing_));
            continue;
        }
        Counters::add(deps_.counters.bytes_sent, step.bytes);
        writing_.renew(step.bytes);
        parts = parts.subspan(consume_parts(parts, step.bytes));
    }
    return {};
}

} // namespace railhub::http
