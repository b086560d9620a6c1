// SPDX-License-Identifier: Apache-2.0
// How one chunk is stored in a xorb: as it is, as an LZ4 frame, or byte-grouped by four and then
// LZ4 (xet specification, section 3.1).
#pragma once

#include "core/util/bytes.h"

#include <cstdint>
#include <memory>

namespace railhub::xet {

enum class Scheme : std::uint8_t { None = 0, Lz4 = 1, Grouped = 2 };

// Positions 0, 4, 8, ... first, then 1, 5, 9, ...; `to` has the size of `from`.
void group_bytes(util::ByteView from, std::span<std::uint8_t> to);
void ungroup_bytes(util::ByteView from, std::span<std::uint8_t> to);

// Decodes chunks. Keeps a context and a scratch buffer; one thread at a time.
class ChunkDecoder {
  public:
    ChunkDecoder();
    ~ChunkDecoder();
    ChunkDecoder(ChunkDecoder&&) noexcept;
    ChunkDecoder& operator=(ChunkDecoder&&) noexcept;

    // Fills `to` exactly. InvalidInput when the payload is damaged, incomplete, or gives more or
    // fewer bytes; never writes past `to`.
    util::Result<> decode(Scheme scheme, util::ByteView payload, std::span<std::uint8_t> to);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The scheme that suits numbers of two or four bytes is told from the spread of bits among byte
// positions, as the reference client does. Look at one chunk in 32.
Scheme likely_scheme(util::ByteView chunk);

// Appends the payload to `out`; returns the scheme used: None when `wanted` does not make it
// smaller.
Scheme encode_chunk(Scheme wanted, util::ByteView chunk, util::Bytes& out);

} // namespace railhub::xet
