// SPDX-License-Identifier: Apache-2.0
// Bytes to and from one peer without ever blocking: plain socket here, TLS in tls.h.
#pragma once

#include "core/util/bytes.h"
#include "core/util/io.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace railhub::http {

enum class IoState : std::uint8_t {
    Done,      // `bytes` were moved (for a handshake: it is complete)
    WantRead,  // nothing moved: wait until the socket is readable
    WantWrite, // nothing moved: wait until it is writable
    Closed,    // the peer is gone, or closed its side
};

struct IoStep {
    std::size_t bytes = 0;
    IoState state = IoState::Done;
};

enum class More : std::uint8_t { No, Follows };

// Owns the socket. One thread at a time.
class Transport {
  public:
    explicit Transport(util::FileHandle socket) : socket_(std::move(socket)) {}

    virtual ~Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    [[nodiscard]] int fd() const { return socket_.fd(); }

    // True until handshake() was Done; nothing else may be called before.
    [[nodiscard]] virtual bool needs_handshake() const = 0;
    virtual IoStep handshake() = 0;
    // Precondition: `into` is not empty.
    virtual IoStep recv(std::span<std::uint8_t> into) = 0;
    // Sends from the front of `parts`; at most kMaxParts. After WantRead or WantWrite the next call
    // must offer the same bytes again (it may offer more behind them).
    virtual IoStep send(std::span<const util::ByteView> parts, More more) = 0;
    // sendfile; only where can_send_file().
    virtual IoStep send_file(int file, std::uint64_t offset, std::size_t count) = 0;
    [[nodiscard]] virtual bool can_send_file() const = 0;
    // Bytes that recv() would give without the socket becoming readable?
    [[nodiscard]] virtual bool has_buffered() const = 0;
    // Says that nothing more will be sent; receiving goes on.
    virtual void end_sending() = 0;

    static constexpr std::size_t kMaxParts = 4;

  private:
    util::FileHandle socket_;
};

std::unique_ptr<Transport> make_plain_transport(util::FileHandle socket);

} // namespace railhub::http
