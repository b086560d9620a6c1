// SPDX-License-Identifier: Apache-2.0
// Aligned memory blocks for bulk writing, shared by all writers of a store: warm blocks are used
// again (the first touch of a page is dearer than the write), and memory stays bounded whatever the
// number of transfers.
#pragma once

#include "core/util/guarded.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace railhub::storage {

inline constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
// What O_DIRECT wants of memory, offset and length on every disk we know of.
inline constexpr std::size_t kBlockAlignment = 4096;

// Safe from any thread; outlives its blocks.
class BlockPool {
  public:
    // Above `budget` blocks out, a writer should make do with the few it has (is_scarce).
    // `kept` blocks stay allocated when nobody uses them.
    BlockPool(std::size_t budget, std::size_t kept) : budget_(budget), kept_(kept) {}

    ~BlockPool();
    BlockPool(const BlockPool&) = delete;
    BlockPool& operator=(const BlockPool&) = delete;

    struct Return {
        BlockPool* pool = nullptr;

        void operator()(std::uint8_t* data) const { pool->give_back(data); }
    };

    // kBlockBytes of memory, contents undefined; null means none.
    using Block = std::unique_ptr<std::uint8_t, Return>;

    Block take();
    [[nodiscard]] bool is_scarce();

  private:
    struct State {
        std::vector<std::uint8_t*> idle;
        std::size_t out = 0;
    };

    void give_back(std::uint8_t* data);

    const std::size_t budget_;
    const std::size_t kept_;
    util::Guarded<State> state_;
};

using Block = BlockPool::Block;

inline std::span<std::uint8_t> whole(const Block& block) {
    return {block.get(), kBlockBytes};
}

} // namespace railhub::storage
