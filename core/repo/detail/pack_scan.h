// SPDX-License-Identifier: Apache-2.0
// PackScanner: reads a pack's structure as it streams by, before libgit2 sees it: limits on counts
// and sizes (also of what deltas make), checksum, nothing behind the end (git's pack format,
// version 2).
#pragma once

#include "core/repo/detail/deflate.h"
#include "core/repo/stage.h"
#include "core/util/digest.h"

#include <array>

namespace railhub::repo::detail {

// Memory is constant. One thread.
class PackScanner {
  public:
    explicit PackScanner(const PackLimits& limits);

    // InvalidInput, or TooLarge past a limit; after an error the scanner is spent.
    util::Result<> feed(util::ByteView bytes);
    // InvalidInput when the pack is cut off.
    util::Result<> finish();

    [[nodiscard]] std::uint32_t object_count() const { return count_; }

    // The object count is known.
    [[nodiscard]] bool has_header() const { return state_ != State::Header; }

  private:
    enum class State : std::uint8_t { Header, Entry, OffsetBase, IdBase, Data, Trailer, Done };

    util::Result<> feed_byte(std::uint8_t byte);
    util::Result<> read_header();
    util::Result<> read_entry(std::uint8_t byte);
    util::Result<> begin_entry();
    util::Result<std::size_t> inflate_some(util::ByteView bytes);
    util::Result<> end_entry();
    util::Result<> check_delta();
    void next_entry();

    PackLimits limits_;
    State state_ = State::Header;
    std::uint64_t total_ = 0;
    std::uint32_t count_ = 0;
    std::uint32_t left_ = 0;
    util::Sha1Hasher hasher_;
    Inflater inflater_;
    std::array<std::uint8_t, 20> small_{}; // header, base id, trailer
    std::size_t small_size_ = 0;
    unsigned type_ = 0;
    unsigned shift_ = 0;
    std::uint64_t size_ = 0;               // declared, of the entry
    std::uint64_t inflated_ = 0;           // so far
    std::array<std::uint8_t, 20> start_{}; // of a delta: sizes of base and result
    std::size_t start_size_ = 0;
    std::vector<std::uint8_t> scratch_;
};

} // namespace railhub::repo::detail
