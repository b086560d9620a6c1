// SPDX-License-Identifier: Apache-2.0
// Mapped bytes go out as they are; sendfile serves plain sockets; the rest is read into scratch.
// Two pushes of the same position offer the same bytes, which is what TLS asks for.
#include "server/http/outgoing.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>

namespace railhub::http {

namespace {

constexpr std::uint64_t kMostPerCall = std::uint64_t{1} << 20;
// Above this a descriptor is preferred to a mapping: sendfile is as fast, copies nothing on a real
// card, and the file's pages do not count as ours.
constexpr std::uint64_t kLongFile = std::uint64_t{1} << 20;

util::Result<std::size_t>
read_descriptor(int fd, std::uint64_t offset, std::span<std::uint8_t> into) {
    while (true) {
        const ssize_t count = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            return util::system_error("read", "a file that is being sent", errno);
        }
    }
}

} // namespace

Outgoing::Outgoing(std::string head, std::string text)
    : head_(std::move(head)), text_(std::move(text)), left_(text_.size()) {}

Outgoing::Outgoing(std::string head, FileBody file, std::uint64_t offset, std::uint64_t length)
    : head_(std::move(head)), file_(std::move(file)), offset_(offset), left_(length) {}

void Outgoing::sent(std::size_t count) {
    const std::size_t of_head = std::min(count, head_.size() - head_sent_);
    head_sent_ += of_head;
    if (head_sent_ == head_.size()) {
        std::string().swap(head_);
        head_sent_ = 0;
    }
    offset_ += count - of_head;
    left_ -= count - of_head;
}

IoStep Outgoing::push_memory(Transport& transport, util::ByteView body) {
    const std::array parts{util::as_bytes(head_).subspan(head_sent_), body};
    const IoStep step = transport.send(parts, body.size() < left_ ? More::Follows : More::No);
    sent(step.bytes);
    return step;
}

util::Result<util::ByteView> Outgoing::load(std::span<std::uint8_t> scratch) const {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(scratch.size(), left_));
    std::size_t have = 0;
    while (have < wanted) {
        const std::span<std::uint8_t> rest = scratch.subspan(have, wanted - have);
        RAILHUB_TRY(
            const std::size_t count,
            file_.fd >= 0 ? read_descriptor(file_.fd, offset_ + have, rest)
                          : file_.read_at(offset_ + have, rest)
        );
        if (count == 0) {
            return util::fail(util::Code::Corrupt, "file is shorter than announced");
        }
        have += count;
    }
    return util::ByteView(scratch.first(wanted));
}

// The head, and what was read into scratch: TLS takes it record by record.
IoStep Outgoing::push_block(Transport& transport, util::ByteView block) {
    IoStep total;
    while (!block.empty()) {
        const std::uint64_t before = left_;
        const IoStep step = push_memory(transport, block);
        total.bytes += step.bytes;
        total.state = step.state;
        if (step.state != IoState::Done) {
            break;
        }
        block = block.subspan(before - left_);
    }
    return total;
}

IoStep Outgoing::push_once(Transport& transport, std::span<std::uint8_t> scratch) {
    const std::uint64_t most = std::min(left_, kMostPerCall);
    const bool is_long = file_.fd >= 0 && left_ > kLongFile;
    if (left_ == 0 || (is_long && !head_.empty())) {
        return push_memory(transport, {});
    }
    if (is_long && transport.can_send_file()) {
        const IoStep step = transport.send_file(file_.fd, offset_, most);
        sent(step.bytes);
        return step;
    }
    if (!file_.mapped.empty() && !is_long) {
        return push_memory(transport, file_.mapped.subspan(offset_, most));
    }
    if (file_.fd < 0 && !file_.read_at) {
        return push_memory(transport, util::as_bytes(text_).subspan(offset_, most));
    }
    const auto block = load(scratch);
    return block ? push_block(transport, *block) : IoStep{0, IoState::Closed};
}

IoStep Outgoing::push(Transport& transport, std::span<std::uint8_t> scratch, std::size_t budget) {
    IoStep total;
    while (!is_done()) {
        if (total.bytes >= budget) {
            total.state = IoState::WantWrite;
            return total;
        }
        const IoStep step = push_once(transport, scratch);
        total.bytes += step.bytes;
        if (step.state != IoState::Done) {
            total.state = step.state;
            return total;
        }
    }
    return total;
}

} // namespace railhub::http
