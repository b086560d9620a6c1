// SPDX-License-Identifier: Apache-2.0
// BlockWriter: a Writer that also lends its next block, so that a socket or file can be read
// straight into the memory that goes to the disk (no copy between recv and write).
#pragma once

#include "core/util/io.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace railhub::storage {

// One thread at a time. Use:
//   while (left > 0) {
//       RAILHUB_TRY(auto into, writer.buffer());
//       RAILHUB_TRY(const auto got, body.read(into.first(std::min<std::uint64_t>(into.size(),
//       left)))); if (got == 0) return util::fail(...);     // the writer goes out of scope:
//       nothing is stored RAILHUB_TRY(writer.advance(got)); left -= got;
//   }
// Ask for as much as fits (recv with the whole span): large pieces are what makes it fast.
class BlockWriter : public util::Writer {
  public:
    // The free rest of the current block: never empty, up to 1 MiB. Waits for a block whose write
    // is done when all are in flight. Valid until the next call on this writer.
    virtual util::Result<std::span<std::uint8_t>> buffer() = 0;
    // Takes the first `count` bytes of the span buffer() lent last (precondition: count <= its
    // size). A full block starts its way to the disk; its bytes stay readable, and must not be
    // changed, until the next call of buffer().
    virtual util::Result<> advance(std::size_t count) = 0;
    // buffer(), copy, advance() until all bytes are taken.
    util::Result<> write(util::ByteView bytes) override;
};

} // namespace railhub::storage
