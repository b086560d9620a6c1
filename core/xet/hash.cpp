// SPDX-License-Identifier: Apache-2.0
// Hash text form, keyed hashes, Merkle aggregation.
#include "core/xet/hash.h"

#include <algorithm>
#include <cstring>
#include <vector>

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

constexpr std::size_t kLongestGroup = 9;
constexpr std::size_t kShortestGroup = 3;
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

// How many elements from the front form one group (xet specification, 2.3).
std::size_t group_length(std::span<const Leaf> rest) {
    if (rest.size() <= 2) {
        return rest.size();
    }
    const std::size_t end = std::min(kLongestGroup, rest.size());
    for (std::size_t i = kShortestGroup - 1; i < end; ++i) {
        if (rest[i].hash.tail() % kGroupModulus == 0) {
            return i + 1;
        }
    }
    return end;
}

Leaf parent_of(std::span<const Leaf> children) {
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

Hash merkle_root(std::span<const Leaf> chunks) {
    if (chunks.empty()) {
        return Hash{};
    }
    std::vector<Leaf> level(chunks.begin(), chunks.end());
    while (level.size() > 1) {
        std::vector<Leaf> parents;
        parents.reserve(level.size() / kShortestGroup + 1);
        for (std::span<const Leaf> rest(level); !rest.empty();) {
            const std::size_t length = group_length(rest);
            parents.push_back(parent_of(rest.first(length)));
            rest = rest.subspan(length);
        }
        level = std::move(parents);
    }
    return level.front().hash;
}

Hash file_hash(std::span<const Leaf> chunks) {
    if (chunks.empty()) {
        return Hash{};
    }
    return keyed_hash(kFileKey, merkle_root(chunks));
}

} // namespace railhub::xet
