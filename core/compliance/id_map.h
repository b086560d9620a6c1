// SPDX-License-Identifier: Apache-2.0
// Map from 64-bit keys to 32-bit ids, for tables of millions of rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace railhub::compliance {

// Open addressing, never more than half full. The key ~0 is not available.
class IdMap {
  public:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    // kNone when there is none.
    [[nodiscard]] std::uint32_t find(std::uint64_t key) const {
        return keys_.empty() ? kNone : ids_[slot_of(key)];
    }

    // Keeps the id that is there.
    void insert(std::uint64_t key, std::uint32_t id) {
        if (2 * (count_ + 1) > keys_.size()) {
            grow();
        }
        const std::size_t slot = slot_of(key);
        if (keys_[slot] == kFree) {
            keys_[slot] = key;
            ids_[slot] = id;
            ++count_;
        }
    }

  private:
    static constexpr std::uint64_t kFree = ~std::uint64_t{0};
    static constexpr std::size_t kFirstSize = 1024;

    static std::uint64_t mixed(std::uint64_t key) {
        key ^= key >> 32U;
        key *= 0x9E3779B97F4A7C15U;
        return key ^ (key >> 29U);
    }

    [[nodiscard]] std::size_t slot_of(std::uint64_t key) const {
        const std::size_t mask = keys_.size() - 1;
        std::size_t slot = mixed(key) & mask;
        while (keys_[slot] != kFree && keys_[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    void grow() {
        const std::size_t size = keys_.empty() ? kFirstSize : keys_.size() * 2;
        const auto keys = std::exchange(keys_, std::vector<std::uint64_t>(size, kFree));
        const auto ids = std::exchange(ids_, std::vector<std::uint32_t>(size, kNone));
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (keys[i] != kFree) {
                const std::size_t slot = slot_of(keys[i]);
                keys_[slot] = keys[i];
                ids_[slot] = ids[i];
            }
        }
    }

    std::vector<std::uint64_t> keys_;
    std::vector<std::uint32_t> ids_;
    std::size_t count_ = 0;
};

} // namespace railhub::compliance
