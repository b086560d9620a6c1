// SPDX-License-Identifier: Apache-2.0
// ContentScan: SHA-256 and chunk borders of a stream in one pass over its bytes. Where the
// processor has SHA instructions both run in one loop, which costs hardly more than SHA-256 alone.
#pragma once

#include "core/util/digest.h"
#include "core/xet/chunker.h"

#include <array>
#include <vector>

namespace railhub::xet {

enum class ScanEngine : std::uint8_t { Portable, ShaInstructions };

// The fastest engine that this processor runs.
ScanEngine fastest_scan_engine();

// One thread at a time.
class ContentScan {
  public:
    explicit ContentScan(ScanEngine engine = fastest_scan_engine());

    // Appends the borders in `bytes`, which follow all bytes seen before, as offsets in them.
    void update(util::ByteView bytes, std::vector<std::size_t>& borders);
    // SHA-256 of all bytes; the scan then begins anew.
    util::Sha256 finish();

    // Bytes of the chunk that is not finished.
    [[nodiscard]] std::size_t pending() const { return chunker_.pending(); }

  private:
    static constexpr std::size_t kBlock = 64; // of SHA-256

    void take_few(util::ByteView bytes, std::size_t at, std::vector<std::size_t>& borders);
    std::size_t
    take_blocks(util::ByteView blocks, std::size_t at, std::vector<std::size_t>& borders);

    std::size_t
    take_gear_blocks(util::ByteView blocks, std::size_t at, std::vector<std::size_t>& borders);
    void take_bytes(util::ByteView bytes, std::size_t at, std::vector<std::size_t>& borders);

    ScanEngine engine_;
    Chunker chunker_;
    util::Sha256Hasher portable_;
    std::array<std::uint32_t, 8> state_;
    std::uint64_t total_ = 0;
    std::size_t held_ = 0; // bytes of a block that is not full
    std::array<std::uint8_t, kBlock> block_{};
};

} // namespace railhub::xet
