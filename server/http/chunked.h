// SPDX-License-Identifier: Apache-2.0
// The framing of chunked bodies, without I/O (RFC 9112 section 7.1).
#pragma once

#include "core/util/bytes.h"

#include <cstddef>
#include <cstdint>

namespace railhub::http {

// A state machine over framing bytes; the data between them never passes through it, so that they
// can be read straight into the reader's memory. Strict: CRLF only, hexadecimal sizes of at most 15
// digits, bounded extensions and trailers (both ignored). One thread at a time.
class ChunkedDecoder {
  public:
    // Consumes framing from the front of `input` until data begin, the body ends or `input` is used
    // up; returns how many bytes that were. InvalidInput on a breach. Precondition: data_left() ==
    // 0.
    util::Result<std::size_t> consume_framing(util::ByteView input);

    // Bytes of the present chunk still to come from the connection; 0 inside framing.
    [[nodiscard]] std::uint64_t data_left() const { return state_ == State::Data ? data_left_ : 0; }

    // The caller took `count` of them.
    void took(std::uint64_t count);

    [[nodiscard]] bool is_done() const { return state_ == State::Done; }

  private:
    enum class State : std::uint8_t {
        SizeStart,
        Size,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        Trailer,
        TrailerLf,
        LastLf,
        Done,
    };

    util::Result<> step(char c);
    util::Result<> step_size(char c);
    void end_of_size();

    State state_ = State::SizeStart;
    std::uint64_t data_left_ = 0;
    std::size_t digits_ = 0;
    std::size_t ignored_ = 0; // bytes of extensions and trailers so far
};

} // namespace railhub::http
