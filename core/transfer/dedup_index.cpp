// SPDX-License-Identifier: Apache-2.0
// One table for all keys: keyed hashes do not meet by chance, and a hit is compared in full.
#include "core/transfer/dedup_index.h"

#include <algorithm>

namespace railhub::transfer {

namespace {

constexpr std::size_t kMaxPlaces = std::size_t{2} << 20;

} // namespace

std::size_t DedupIndex::key_number(const xet::Blake3Key& key) {
    const auto found = std::find(keys_.begin(), keys_.end(), key);
    if (found == keys_.end()) {
        keys_.push_back(key);
        return keys_.size() - 1;
    }
    return static_cast<std::size_t>(found - keys_.begin());
}

xet::Hash DedupIndex::keyed(std::size_t key, const xet::Hash& hash) const {
    return key == 0 ? hash : xet::keyed_hash(keys_[key], hash);
}

std::uint32_t DedupIndex::add_xorb() {
    xorbs_.emplace_back();
    return static_cast<std::uint32_t>(xorbs_.size() - 1);
}

std::uint32_t DedupIndex::add_xorb(
    const xet::Hash& id, std::vector<xet::Leaf> chunks, const xet::Blake3Key& key
) {
    const std::uint32_t xorb = add_xorb();
    ids_.emplace(id.head(), xorb);
    xorbs_[xorb].id = id;
    xorbs_[xorb].key = key_number(key);
    if (places_.size() + chunks.size() > kMaxPlaces) {
        return xorb;
    }
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        places_.emplace(chunks[i].hash.head(), ChunkPlace{xorb, static_cast<std::uint32_t>(i)});
    }
    xorbs_[xorb].chunks = std::move(chunks);
    return xorb;
}

void DedupIndex::add_chunk(std::uint32_t xorb, const xet::Leaf& chunk) {
    if (places_.size() < kMaxPlaces) {
        auto& chunks = xorbs_[xorb].chunks;
        places_.emplace(
            chunk.hash.head(), ChunkPlace{xorb, static_cast<std::uint32_t>(chunks.size())}
        );
        chunks.push_back(chunk);
    }
}

std::optional<ChunkPlace> DedupIndex::find(const xet::Hash& chunk) const {
    for (std::size_t key = 0; key < keys_.size(); ++key) {
        const xet::Hash wanted = keyed(key, chunk);
        const auto found = places_.find(wanted.head());
        if (found == places_.end()) {
            continue;
        }
        const Xorb& xorb = xorbs_[found->second.xorb];
        if (xorb.key == key && xorb.chunks[found->second.chunk].hash == wanted) {
            return found->second;
        }
    }
    return std::nullopt;
}

std::size_t
DedupIndex::run_length(const ChunkPlace& place, std::span<const xet::Leaf> wanted) const {
    const Xorb& xorb = xorbs_[place.xorb];
    std::size_t count = 0;
    while (count < wanted.size() && place.chunk + count < xorb.chunks.size() &&
           xorb.chunks[place.chunk + count].hash == keyed(xorb.key, wanted[count].hash)) {
        ++count;
    }
    return count;
}

} // namespace railhub::transfer
