// SPDX-License-Identifier: Apache-2.0
// Linear probing; heads of hashes are spread evenly as they are.
#include "core/cas/detail/chunk_heads.h"

#include <mutex>

namespace railhub::cas::detail {

namespace {

constexpr std::size_t kFirstSlots = 1024;

} // namespace

ChunkHeads::ChunkHeads() : slots_(kFirstSlots) {}

// Where the head is, or the free slot where it would be.
std::size_t ChunkHeads::slot_of(std::uint64_t head) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = head & mask;
    while (slots_[slot] != 0 && slots_[slot] != head) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

void ChunkHeads::grow() {
    std::vector<std::uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    for (const std::uint64_t head : old) {
        if (head != 0) {
            slots_[slot_of(head)] = head;
        }
    }
}

void ChunkHeads::insert(std::uint64_t head) {
    const std::unique_lock lock(mutex_);
    if (head == 0) {
        has_zero_ = true;
        return;
    }
    const std::size_t slot = slot_of(head);
    if (slots_[slot] == head) {
        return;
    }
    slots_[slot] = head;
    if (++used_ * 2 > slots_.size()) {
        grow();
    }
}

bool ChunkHeads::contains(std::uint64_t head) const {
    const std::shared_lock lock(mutex_);
    return head == 0 ? has_zero_ : slots_[slot_of(head)] == head;
}

} // namespace railhub::cas::detail
