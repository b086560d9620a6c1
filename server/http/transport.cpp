// SPDX-License-Identifier: Apache-2.0
// The plain socket.
#include "server/http/transport.h"

#include <array>
#include <cerrno>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace railhub::http {

namespace {

IoStep plain_step(ssize_t moved, IoState wait) {
    if (moved >= 0) {
        return {static_cast<std::size_t>(moved), IoState::Done};
    }
    return {0, errno == EAGAIN || errno == EINTR ? wait : IoState::Closed};
}

class PlainTransport final : public Transport {
  public:
    using Transport::Transport;

    [[nodiscard]] bool needs_handshake() const override { return false; }

    IoStep handshake() override { return {}; }

    IoStep recv(std::span<std::uint8_t> into) override {
        const IoStep step =
            plain_step(::recv(fd(), into.data(), into.size(), MSG_DONTWAIT), IoState::WantRead);
        return step.state == IoState::Done && step.bytes == 0 ? IoStep{0, IoState::Closed} : step;
    }

    IoStep send(std::span<const util::ByteView> parts, More more) override {
        RAILHUB_ASSERT(parts.size() <= kMaxParts);
        std::array<iovec, kMaxParts> vectors{};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            // sendmsg does not write through iov_base.
            vectors[i] = {const_cast<std::uint8_t*>(parts[i].data()), parts[i].size()};
        }
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = parts.size();
        const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (more == More::Follows ? MSG_MORE : 0);
        return plain_step(::sendmsg(fd(), &message, flags), IoState::WantWrite);
    }

    IoStep send_file(int file, std::uint64_t offset, std::size_t count) override {
        auto at = static_cast<off_t>(offset);
        const IoStep step = plain_step(::sendfile(fd(), file, &at, count), IoState::WantWrite);
        // 0 bytes: the file is shorter than announced.
        return step.state == IoState::Done && step.bytes == 0 ? IoStep{0, IoState::Closed} : step;
    }

    [[nodiscard]] bool can_send_file() const override { return true; }

    [[nodiscard]] bool has_buffered() const override { return false; }

    void end_sending() override { ::shutdown(fd(), SHUT_WR); }
};

} // namespace

std::unique_ptr<Transport> make_plain_transport(util::FileHandle socket) {
    return std::make_unique<PlainTransport>(std::move(socket));
}

} // namespace railhub::http
