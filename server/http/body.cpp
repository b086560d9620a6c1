// SPDX-License-Identifier: Apache-2.0
// Data go from the socket straight into the reader's memory; only framing, and what came with the
// head, passes through the input buffer.
#include "server/http/body.h"

#include <algorithm>
#include <array>

namespace railhub::http {

namespace {

constexpr std::uint64_t kMostToSettle = std::uint64_t{64} * 1024;
constexpr std::chrono::milliseconds kSettleTime{500};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

RequestBody::RequestBody(
    const Head& head, Stream& stream, InputBuffer& input, std::uint64_t max_bytes
)
    : stream_(stream), input_(input), is_chunked_(head.is_chunked),
      left_(head.content_length.value_or(0)), limit_(max_bytes) {
    if (!is_chunked_) {
        length_ = left_;
    }
    owes_continue_ = head.expects_continue && (is_chunked_ || left_ > 0);
}

void RequestBody::limit(std::uint64_t max_bytes) {
    limit_ = std::min(limit_, max_bytes);
}

bool RequestBody::is_complete() const {
    return !is_broken_ && (is_chunked_ ? decoder_.is_done() : left_ == 0);
}

util::Result<> RequestBody::check_limit() const {
    if (read_ > limit_ || (!is_chunked_ && *length_ > limit_)) {
        return util::fail(
            util::Code::TooLarge, "request body is larger than " + std::to_string(limit_) + " bytes"
        );
    }
    return {};
}

util::Result<> RequestBody::say_continue() {
    if (!owes_continue_) {
        return {};
    }
    owes_continue_ = false;
    if (!input_.is_empty()) {
        return {};
    }
    std::array parts{util::as_bytes(kContinue)};
    return stream_.write(parts);
}

util::Result<std::size_t> RequestBody::read_data(std::span<std::uint8_t> into) {
    if (!input_.is_empty()) {
        return input_.take(into);
    }
    RAILHUB_TRY(const std::size_t count, stream_.read(into));
    if (count == 0) {
        return util::fail(
            util::Code::InvalidInput, "the connection closed before the request body ended"
        );
    }
    return count;
}

util::Result<std::size_t> RequestBody::read_fixed(std::span<std::uint8_t> into) {
    if (left_ == 0) {
        return std::size_t{0};
    }
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
    RAILHUB_TRY(const std::size_t count, read_data(into.first(most)));
    left_ -= count;
    return count;
}

util::Result<> RequestBody::read_framing() {
    while (!decoder_.is_done() && decoder_.data_left() == 0) {
        if (input_.is_empty()) {
            input_.release();
            std::array<std::uint8_t, 4096> block;
            RAILHUB_TRY(const std::size_t count, read_data(block));
            input_.append(util::ByteView(block).first(count));
        }
        RAILHUB_TRY(const std::size_t used, decoder_.consume_framing(input_.view()));
        input_.drop(used);
    }
    return {};
}

util::Result<std::size_t> RequestBody::read_chunked(std::span<std::uint8_t> into) {
    RAILHUB_TRY(read_framing());
    if (decoder_.is_done()) {
        return std::size_t{0};
    }
    const auto most =
        static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), decoder_.data_left()));
    RAILHUB_TRY(const std::size_t count, read_data(into.first(most)));
    decoder_.took(count);
    return count;
}

util::Result<std::size_t> RequestBody::read(std::span<std::uint8_t> into) {
    if (is_broken_) {
        return util::fail(util::Code::InvalidInput, "the request body is broken");
    }
    if (into.empty() || is_complete()) {
        return std::size_t{0};
    }
    RAILHUB_TRY(check_limit());
    const auto attempt = [&]() -> util::Result<std::size_t> {
        RAILHUB_TRY(say_continue());
        return is_chunked_ ? read_chunked(into) : read_fixed(into);
    };
    auto count = attempt();
    is_broken_ = !count.ok();
    if (count) {
        read_ += *count;
        RAILHUB_TRY(check_limit());
    }
    return count;
}

bool RequestBody::settle() {
    if (owes_continue_ || is_broken_ || (!is_chunked_ && left_ > kMostToSettle)) {
        return false;
    }
    stream_.hurry(kSettleTime);
    limit_ = std::max(limit_, read_ + left_);
    std::array<std::uint8_t, 4096> waste;
    std::uint64_t wasted = 0;
    while (!is_complete() && wasted <= kMostToSettle) {
        const auto count = read(waste);
        if (!count) {
            return false;
        }
        wasted += *count;
    }
    return is_complete();
}

} // namespace railhub::http
