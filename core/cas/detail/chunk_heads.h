// SPDX-License-Identifier: Apache-2.0
// ChunkHeads: the first eight bytes of every chunk hash that may be asked for, so that a question
// about an unknown chunk never comes to the database.
#pragma once

#include <cstdint>
#include <shared_mutex>
#include <vector>

namespace railhub::cas::detail {

// A set that only grows; 16 to 32 bytes an element. Safe from any thread.
class ChunkHeads {
  public:
    ChunkHeads();
    void insert(std::uint64_t head);
    [[nodiscard]] bool contains(std::uint64_t head) const;

  private:
    [[nodiscard]] std::size_t slot_of(std::uint64_t head) const;
    void grow();

    mutable std::shared_mutex mutex_;  // guards all below
    std::vector<std::uint64_t> slots_; // open addressing; a power of two of them; 0 is free
    std::size_t used_ = 0;
    bool has_zero_ = false;
};

} // namespace railhub::cas::detail
