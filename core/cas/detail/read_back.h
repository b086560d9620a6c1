// SPDX-License-Identifier: Apache-2.0
// ReadBack: SHA-256 of files that are kept as chunks. Chunks that are stored as they are get hashed
// where they were read to; a thread reads and decodes a little ahead of the hashing.
#pragma once

#include "core/cas/detail/parts.h"

#include <functional>

namespace railhub::cas::detail {

// Records of one term that lie behind one another, and their chunks.
struct ChunkRun {
    util::Bytes stored;
    util::Bytes decoded;                // what was compressed
    std::vector<util::ByteView> chunks; // in order, within the two
};

// One file after another; a few MiB of memory, whatever their sizes. One thread at a time.
class ReadBack {
  public:
    ReadBack(const util::Context& ctx, Parts& parts) : ctx_(ctx), parts_(parts) {}

    using OnHashed = std::function<void(std::uint64_t bytes)>;

    // Corrupt when a chunk cannot be read, or with ChunkCheck::Hash is not what its hash says.
    util::Result<util::Sha256>
    sha256_of(const std::vector<RecipeTerm>& terms, ChunkCheck check, const OnHashed& on_hashed);

  private:
    static constexpr std::size_t kRuns = 4; // one is hashed, one is read, two wait

    const util::Context& ctx_;
    Parts& parts_;
    OpenSegment open_; // the last one: the next file is likely to go on in it
    xet::ChunkDecoder decoder_;
    std::array<ChunkRun, kRuns> runs_;
};

} // namespace railhub::cas::detail
