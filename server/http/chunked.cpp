// SPDX-License-Identifier: Apache-2.0
// One byte of framing at a time: framing is a few bytes in thousands.
#include "server/http/chunked.h"

namespace railhub::http {

namespace {

constexpr std::size_t kMaxSizeDigits = 15;
constexpr std::size_t kMaxIgnoredBytes = std::size_t{16} * 1024;

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

util::Error malformed_chunk(const char* what) {
    return util::fail(util::Code::InvalidInput, std::string("malformed chunked body: ") + what);
}

} // namespace

void ChunkedDecoder::took(std::uint64_t count) {
    RAILHUB_ASSERT(count <= data_left());
    data_left_ -= count;
    if (data_left_ == 0 && count > 0) {
        state_ = State::DataCr;
    }
}

void ChunkedDecoder::end_of_size() {
    digits_ = 0;
    state_ = data_left_ == 0 ? State::TrailerStart : State::Data;
}

util::Result<> ChunkedDecoder::step_size(char c) {
    if (const int value = hex_value(c); value >= 0) {
        if (++digits_ > kMaxSizeDigits) {
            return malformed_chunk("size is too large");
        }
        data_left_ = data_left_ * 16 + static_cast<std::uint64_t>(value);
        state_ = State::Size;
        return {};
    }
    if (state_ == State::SizeStart) {
        return malformed_chunk("size expected");
    }
    if (c == ';' || c == ' ' || c == '\t') {
        state_ = State::Extension;
        return {};
    }
    if (c != '\r') {
        return malformed_chunk("unexpected character in a size");
    }
    state_ = State::SizeLf;
    return {};
}

util::Result<> ChunkedDecoder::step(char c) {
    const auto expect = [&](char wanted, State next) -> util::Result<> {
        if (c != wanted) {
            return malformed_chunk("line end expected");
        }
        state_ = next;
        return {};
    };
    switch (state_) {
    case State::SizeStart:
    case State::Size:
        return step_size(c);
    case State::Extension:
    case State::Trailer:
        if (c == '\n' || ++ignored_ > kMaxIgnoredBytes) {
            return malformed_chunk("bad extension or trailer");
        }
        if (c == '\r') {
            state_ = state_ == State::Extension ? State::SizeLf : State::TrailerLf;
        }
        return {};
    case State::SizeLf:
        RAILHUB_TRY(expect('\n', State::Data));
        end_of_size();
        return {};
    case State::DataCr:
        return expect('\r', State::DataLf);
    case State::DataLf:
        return expect('\n', State::SizeStart);
    case State::TrailerStart:
        state_ = c == '\r' ? State::LastLf : State::Trailer;
        return c == '\n' ? malformed_chunk("line end expected") : util::Result<>{};
    case State::TrailerLf:
        return expect('\n', State::TrailerStart);
    case State::LastLf:
        return expect('\n', State::Done);
    case State::Data:
    case State::Done:
        break;
    }
    return {};
}

util::Result<std::size_t> ChunkedDecoder::consume_framing(util::ByteView input) {
    std::size_t used = 0;
    while (used < input.size() && state_ != State::Data && state_ != State::Done) {
        RAILHUB_TRY(step(static_cast<char>(input[used])));
        ++used;
    }
    return used;
}

} // namespace railhub::http
