// SPDX-License-Identifier: Apache-2.0
// Content-defined chunk borders (xet specification, section 1): gear hash, 8 KiB to 128 KiB, 64 KiB
// on average. Exact: the same borders as the reference client.
#pragma once

#include "core/util/bytes.h"

#include <cstdint>
#include <vector>

namespace railhub::xet {

inline constexpr std::size_t kMinChunk = 8192;
inline constexpr std::size_t kTargetChunk = 65536;
inline constexpr std::size_t kMaxChunk = 131072;

// A stream cut into chunks. Keeps no bytes: 16 bytes of state. One thread at a time.
class Chunker {
  public:
    // Looks at `bytes`, which follow all bytes seen before, up to the first border. Returns how
    // many bytes belong to the current chunk when a border was found; 0 when the chunk goes on past
    // `bytes` (all of which were then taken).
    std::size_t next(util::ByteView bytes);

    // All borders in `bytes`, which follow all bytes seen before, as offsets in them. The fastest
    // way for blocks of 512 KiB and more: two strips are scanned at once, which hides the latency
    // of the hash (1.3).
    void scan(util::ByteView bytes, std::vector<std::size_t>& borders);

    // Bytes of the chunk that is not finished; at the end of the input they are the last chunk.
    [[nodiscard]] std::size_t pending() const { return size_; }

  private:
    friend class ContentScan; // steps it together with SHA-256

    std::uint64_t hash_ = 0;
    std::size_t size_ = 0;
};

// Sizes of all chunks of a whole buffer, in order; the last one may be short.
std::vector<std::uint32_t> chunk_sizes(util::ByteView bytes);

} // namespace railhub::xet
