// SPDX-License-Identifier: Apache-2.0
// An answer on its way out: head, then bytes in memory or of a file; sent piece by piece by whoever
// has the connection, a worker first and a pump for the rest.
#pragma once

#include "server/http/response.h"
#include "server/http/transport.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace railhub::http {

// One thread at a time.
class Outgoing {
  public:
    Outgoing() = default;
    Outgoing(std::string head, std::string text);
    // `length` bytes of `file` from `offset`.
    Outgoing(std::string head, FileBody file, std::uint64_t offset, std::uint64_t length);

    // Sends until all is sent (Done), the peer must be waited for, it is gone or the file cannot be
    // read (Closed), or about `budget` bytes went out (WantWrite). `scratch` is used for files that
    // are not mapped. `bytes` of the answer: what was sent now.
    IoStep push(Transport& transport, std::span<std::uint8_t> scratch, std::size_t budget);

    [[nodiscard]] bool is_done() const { return head_.empty() && left_ == 0; }

  private:
    IoStep push_once(Transport& transport, std::span<std::uint8_t> scratch);
    IoStep push_memory(Transport& transport, util::ByteView body);
    IoStep push_block(Transport& transport, util::ByteView block);
    util::Result<util::ByteView> load(std::span<std::uint8_t> scratch) const;
    void sent(std::size_t count);

    std::string head_;
    std::size_t head_sent_ = 0;
    std::string text_;
    FileBody file_;
    std::uint64_t offset_ = 0;
    std::uint64_t left_ = 0; // of the body
};

} // namespace railhub::http
