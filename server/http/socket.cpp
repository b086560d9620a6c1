// SPDX-License-Identifier: Apache-2.0
// The socket calls that differ by address family.
#include "server/http/socket.h"

#include "core/util/handle.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace railhub::http {

namespace {

constexpr int kBacklog = 4096;
constexpr std::string_view kUnixScheme = "unix:";

using AddressList = util::Handle<addrinfo, ::freeaddrinfo>;

std::string address_text(const sockaddr_storage& storage) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (storage.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
        if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
            inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
        } else {
            inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        }
    } else {
        return "unix";
    }
    return text.data();
}

std::uint16_t port_of(const sockaddr_storage& storage) {
    return storage.ss_family == AF_INET6
               ? ntohs(reinterpret_cast<const sockaddr_in6&>(storage).sin6_port)
               : ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

std::string authority_of(const sockaddr_storage& storage) {
    std::string host = address_text(storage);
    if (host == "0.0.0.0" || host == "::") {
        host = "127.0.0.1";
    }
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port_of(storage));
}

void set_option(int fd, int level, int name, int value) {
    ::setsockopt(fd, level, name, &value, sizeof value);
}

// Is somebody listening on a Unix socket file?
bool is_alive(const sockaddr_un& address) {
    const util::FileHandle probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

util::Result<BoundSocket> bind_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        return util::fail(
            util::Code::InvalidInput, "socket path '" + path + "' is empty or too long"
        );
    }
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    BoundSocket bound{
        util::FileHandle(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
        0,
        "localhost"};
    const auto* raw = reinterpret_cast<const sockaddr*>(&address);
    int code = ::bind(bound.socket.fd(), raw, sizeof address);
    if (code != 0 && errno == EADDRINUSE && !is_alive(address)) {
        ::unlink(path.c_str());
        code = ::bind(bound.socket.fd(), raw, sizeof address);
    }
    if (code != 0 || ::listen(bound.socket.fd(), kBacklog) != 0) {
        return util::system_error("listen on", path, errno);
    }
    return bound;
}

util::Result<BoundSocket> bind_one(const addrinfo& candidate, const std::string& subject) {
    BoundSocket bound;
    bound.socket = util::FileHandle(
        ::socket(candidate.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    );
    const int fd = bound.socket.fd();
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1); // accepted sockets inherit it
    if (candidate.ai_family == AF_INET6) {
        set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    }
    if (fd < 0 || ::bind(fd, candidate.ai_addr, candidate.ai_addrlen) != 0 ||
        ::listen(fd, kBacklog) != 0) {
        return util::system_error("listen on", subject, errno);
    }
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size);
    bound.port = port_of(storage);
    bound.authority = authority_of(storage);
    return bound;
}

} // namespace

util::Result<BoundSocket> bind_socket(const std::string& address, std::uint16_t port) {
    if (address.starts_with(kUnixScheme)) {
        return bind_unix(address.substr(kUnixScheme.size()));
    }
    const std::string subject = address + ":" + std::to_string(port);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    AddressList list;
    const int code =
        ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, util::Out(list));
    if (code != 0) {
        return util::fail(
            util::Code::InvalidInput, "cannot listen on '" + subject + "': " + gai_strerror(code)
        );
    }
    util::Result<BoundSocket> bound =
        util::fail(util::Code::Io, "cannot listen on '" + subject + "'");
    for (const addrinfo* candidate = list.get(); candidate != nullptr && !bound;
         candidate = candidate->ai_next) {
        bound = bind_one(*candidate, subject);
    }
    return bound;
}

util::FileHandle accept_socket(int listener, std::string& peer) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* raw = reinterpret_cast<sockaddr*>(&storage);
    util::FileHandle socket(::accept4(listener, raw, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.is_open()) {
        peer = address_text(storage);
    }
    return socket;
}

void raise_descriptor_limit(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace railhub::http
