// SPDX-License-Identifier: Apache-2.0
// BLAKE3 with 32-byte output, plain and keyed (BLAKE3 paper, sections 2 and 5). Portable code and
// AVX2 (eight chunks at once), chosen at run time.
#pragma once

#include "core/util/bytes.h"

#include <array>
#include <cstdint>

namespace railhub::xet {

using Blake3Digest = std::array<std::uint8_t, 32>;
using Blake3Key = std::array<std::uint8_t, 32>;

enum class Blake3Engine : std::uint8_t { Portable, Avx2 };

// The fastest engine that this processor runs.
Blake3Engine fastest_blake3_engine();

// One pass. One thread at a time; copying a hasher copies its state. About 2 KB.
class Blake3 {
  public:
    explicit Blake3(Blake3Engine engine = fastest_blake3_engine());
    explicit Blake3(const Blake3Key& key, Blake3Engine engine = fastest_blake3_engine());

    void update(util::ByteView bytes);
    // The digest of all bytes so far; more may follow.
    [[nodiscard]] Blake3Digest digest() const;

  private:
    using Words = std::array<std::uint32_t, 8>;
    static constexpr std::size_t kMaxDepth = 54; // 2^54 chunks are 2^64 bytes

    Blake3(const Words& key, std::uint32_t flags, Blake3Engine engine);
    void update_chunk(util::ByteView bytes);
    void finish_chunk();
    void push(Words value, std::uint64_t chunks_after);
    [[nodiscard]] std::size_t whole_subtree(std::size_t bytes) const;

    Words key_;
    std::uint32_t flags_;
    Blake3Engine engine_;
    std::uint64_t chunks_ = 0; // finished ones
    Words chunk_value_;
    std::array<std::uint8_t, 64> block_{};
    std::uint8_t block_size_ = 0;
    std::uint8_t blocks_compressed_ = 0;
    std::uint8_t depth_ = 0;
    std::array<Words, kMaxDepth> stack_;
};

// All at once: faster than a hasher, for what is in memory anyway.
Blake3Digest blake3_keyed(
    const Blake3Key& key, util::ByteView bytes, Blake3Engine engine = fastest_blake3_engine()
);

} // namespace railhub::xet
