// SPDX-License-Identifier: Apache-2.0
// Listening and accepting: TCP on IPv4 and IPv6, Unix sockets.
#pragma once

#include "core/util/io.h"

#include <cstdint>
#include <string>

namespace railhub::http {

struct BoundSocket {
    util::FileHandle socket;
    std::uint16_t port = 0; // 0 for a Unix socket
    std::string authority;  // "127.0.0.1:8080": under which this machine reaches it
};

// `address` is an IP address, a host name or "unix:/path" (a dead socket file there is replaced).
// Non-blocking, backlog 4096, TCP_NODELAY for all that come.
util::Result<BoundSocket> bind_socket(const std::string& address, std::uint16_t port);

// The next waiting peer, non-blocking; a closed handle and errno when there is none.
util::FileHandle accept_socket(int listener, std::string& peer);

// Lets the process hold as many descriptors as its hard limit allows, at least `wanted` if
// possible.
void raise_descriptor_limit(std::size_t wanted);

} // namespace railhub::http
