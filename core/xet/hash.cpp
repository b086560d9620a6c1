// SPDX-License-Identifier: Apache-2.0
// Hash text form, keyed hashes, Merkle aggregation.
#include "core/xet/hash.h"

#include "core/xet/detail/merkle.h"

#include <algorithm>
#include <cstring>

namespace railhub::xet {

namespace {

constexpr Blake3Key kChunkKey = {
    0x66, 0x97, 0xf5, 0x77, 0x5b, 0x95, 0x50, 0xde, 0x31, 0x35, 0xcb, 0xac, 0xa5, 0x97, 0x18, 0x1c,
    0x9d, 0xe4, 0x21, 0x10, 0x9b, 0xeb, 0x2b, 0x58, 0xb4, 0xd0, 0xb0, 0x4b, 0x93, 0xad, 0xf2, 0x29,
};
constexpr Blake3Key kNodeKey = {
    0x01, 0x7e, 0xc5, 0xc7, 0xa5, 0x47, 0x29, 0x96, 0xfd, 0x94, 0x66, 0x66, 0xb4, 0x8a, 0x02, 0xe6,
    0x5d, 0xdd, 0x53, 0x6f, 0x37, 0xc7, 0x6d, 0xd2, 0xf8, 0x63, 0x52, 0xe6, 0x4a, 0x53, 0x71, 0x3f,
};
constexpr Blake3Key kRangeKey = {
    0x7f, 0x18, 0x57, 0xd6, 0xce, 0x56, 0xed, 0x66, 0x12, 0x7f, 0xf9, 0x13, 0xe7, 0xa5, 0xc3, 0xf3,
    0xa4, 0xcd, 0x26, 0xd5, 0xb5, 0xdb, 0x49, 0xe6, 0x41, 0x24, 0x98, 0x7f, 0x28, 0xfb, 0x94, 0xc3,
};
constexpr Blake3Key kFileKey = {};

constexpr std::uint64_t kGroupModulus = 4;

// The order of bytes in the text form, and in a shard's SHA-256: its own inverse.
std::array<std::uint8_t, 32> swap_groups(const std::array<std::uint8_t, 32>& bytes) {
    std::array<std::uint8_t, 32> swapped{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        swapped[(i & ~std::size_t{7}) + 7 - (i & 7)] = bytes[i];
    }
    return swapped;
}

std::uint64_t load_u64(const std::uint8_t* at) {
    std::uint64_t number = 0;
    std::memcpy(&number, at, sizeof number);
    return number;
}

} // namespace

std::string Hash::text() const {
    return util::to_hex(swap_groups(bytes));
}

util::Result<Hash> Hash::parse(std::string_view text) {
    RAILHUB_TRY(const util::Bytes raw, util::from_hex(text));
    Hash hash;
    if (raw.size() != hash.bytes.size()) {
        return util::fail(util::Code::InvalidInput, "a Xet hash has 64 hex digits");
    }
    std::copy(raw.begin(), raw.end(), hash.bytes.begin());
    hash.bytes = swap_groups(hash.bytes);
    return hash;
}

std::uint64_t Hash::tail() const {
    return load_u64(bytes.data() + 24);
}

std::uint64_t Hash::head() const {
    return load_u64(bytes.data());
}

Hash to_shard_form(const util::Sha256& sha256) {
    return Hash{swap_groups(sha256.bytes)};
}

util::Sha256 from_shard_form(const Hash& stored) {
    util::Sha256 sha256;
    sha256.bytes = swap_groups(stored.bytes);
    return sha256;
}

Hash chunk_hash(util::ByteView bytes) {
    return Hash{blake3_keyed(kChunkKey, bytes)};
}

Blake3 chunk_hasher() {
    return Blake3(kChunkKey);
}

Hash range_hash(std::span<const Hash> chunk_hashes) {
    Blake3 hasher(kRangeKey);
    for (const Hash& hash : chunk_hashes) {
        hasher.update(hash.bytes);
    }
    return Hash{hasher.digest()};
}

Hash keyed_hash(const Blake3Key& key, const Hash& hash) {
    return Hash{blake3_keyed(key, hash.bytes)};
}

bool detail::is_cut(const Leaf& element) {
    return element.hash.tail() % kGroupModulus == 0;
}

bool detail::ends_group(std::span<const Leaf> group) {
    return group.size() == kLongestGroup ||
           (group.size() >= kShortestGroup && is_cut(group.back()));
}

Leaf detail::parent_of(std::span<const Leaf> children) {
    Leaf parent;
    std::string lines;
    lines.reserve(children.size() * 80);
    for (const Leaf& child : children) {
        lines += child.hash.text();
        lines += " : ";
        lines += std::to_string(child.size);
        lines += '\n';
        parent.size += child.size;
    }
    parent.hash.bytes = blake3_keyed(kNodeKey, util::as_bytes(lines));
    return parent;
}

void MerkleBuilder::add(const Leaf& leaf) {
    Leaf element = leaf;
    for (std::size_t level = 0;; ++level) {
        if (level == levels_.size()) {
            levels_.emplace_back();
        }
        Level& at = levels_[level];
        at.group.push_back(element);
        ++at.count;
        if (!detail::ends_group(at.group)) {
            return;
        }
        element = detail::parent_of(at.group);
        at.group.clear();
    }
}

Hash MerkleBuilder::finish() {
    Hash root;
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        if (levels_[level].count == 1) {
            root = levels_[level].group.front().hash;
            break;
        }
        if (!levels_[level].group.empty()) {
            close_group(level);
        }
    }
    levels_.clear();
    return root;
}

// The last, shorter group of a level.
void MerkleBuilder::close_group(std::size_t level) {
    const Leaf parent = detail::parent_of(levels_[level].group);
    levels_[level].group.clear();
    if (level + 1 == levels_.size()) {
        levels_.emplace_back();
    }
    Level& above = levels_[level + 1];
    above.group.push_back(parent);
    ++above.count;
}

Hash merkle_root(std::span<const Leaf> chunks) {
    MerkleBuilder builder;
    for (const Leaf& chunk : chunks) {
        builder.add(chunk);
    }
    return builder.finish();
}

Hash file_hash_of_root(const Hash& root, std::uint64_t chunk_count) {
    return chunk_count == 0 ? Hash{} : keyed_hash(kFileKey, root);
}

Hash file_hash(std::span<const Leaf> chunks) {
    return file_hash_of_root(merkle_root(chunks), chunks.size());
}

} // namespace railhub::xet
