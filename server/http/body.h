// SPDX-License-Identifier: Apache-2.0
// The body of a request as it comes in: framing, limits, "100 Continue".
#pragma once

#include "server/http/chunked.h"
#include "server/http/header_block.h"
#include "server/http/input_buffer.h"
#include "server/http/request.h"
#include "server/http/stream.h"

namespace railhub::http {

class RequestBody final : public Body {
  public:
    // Borrows stream and buffer, which hold what came behind the head.
    RequestBody(const Head& head, Stream& stream, InputBuffer& input, std::uint64_t max_bytes);

    util::Result<std::size_t> read(std::span<std::uint8_t> into) override;

    [[nodiscard]] std::optional<std::uint64_t> length() const override { return length_; }

    void limit(std::uint64_t max_bytes) override;

    // After the handler: reads a short rest away, so that the connection can serve another request.
    // False when the rest is long, slow, broken or was never asked for: the connection must close.
    bool settle();

  private:
    util::Result<std::size_t> read_fixed(std::span<std::uint8_t> into);
    util::Result<std::size_t> read_chunked(std::span<std::uint8_t> into);
    util::Result<std::size_t> read_data(std::span<std::uint8_t> into);
    util::Result<> read_framing();
    util::Result<> say_continue();
    [[nodiscard]] util::Result<> check_limit() const;
    [[nodiscard]] bool is_complete() const;

    Stream& stream_;
    InputBuffer& input_;
    std::optional<std::uint64_t> length_;
    bool is_chunked_ = false;
    bool owes_continue_ = false;
    bool is_broken_ = false;
    ChunkedDecoder decoder_;
    std::uint64_t left_ = 0; // of a body with a length
    std::uint64_t read_ = 0;
    std::uint64_t limit_;
};

} // namespace railhub::http
