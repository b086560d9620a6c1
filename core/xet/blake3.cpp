// SPDX-License-Identifier: Apache-2.0
// The BLAKE3 tree: of a stream, whole subtrees of up to 64 chunks are hashed side by side and the
// rest block by block; a message in memory is hashed level by level, all chunks side by side.
#include "core/xet/blake3.h"

#include "core/xet/detail/blake3_core.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace railhub::xet {

namespace {

using detail::kBlock;
using detail::kChunk;
using detail::kLanes;
using detail::ManyInputs;
using Words = detail::Words;

constexpr std::size_t kSubtreeChunks = 64;
// Below this many lanes the wide form costs more than it saves.
constexpr std::size_t kWorthwhileLanes = 2;
constexpr std::size_t kAtOnceChunks = 128; // a message in memory, on the stack

Words key_words(const Blake3Key& key) {
    Words words{};
    std::memcpy(words.data(), key.data(), key.size());
    return words;
}

void compress_many(Blake3Engine engine, const Words& key, const ManyInputs& many, Words* out) {
    if (engine == Blake3Engine::Avx2 && many.count >= kWorthwhileLanes) {
        detail::compress_many_avx2(key, many, out);
    } else {
        detail::compress_many_portable(key, many, out);
    }
}

Words parent_value(const Words& key, std::uint32_t flags, const Words& left, const Words& right) {
    std::array<std::uint8_t, kBlock> block{};
    std::memcpy(block.data(), left.data(), 32);
    std::memcpy(block.data() + 32, right.data(), 32);
    return detail::compress(key, block.data(), kBlock, 0, flags | detail::kParent);
}

// What all inputs of one message have in common.
struct Message {
    Blake3Engine engine;
    const Words& key;
    std::uint32_t flags;
};

// Chaining values of `chunks` whole chunks, the first of which is number `counter`.
void chunk_values(
    const Message& message,
    const std::uint8_t* bytes,
    std::size_t chunks,
    std::uint64_t counter,
    Words* out
) {
    for (std::size_t at = 0; at < chunks; at += kLanes) {
        ManyInputs many;
        many.count = std::min(kLanes, chunks - at);
        many.blocks = kChunk / kBlock;
        many.counter = counter + at;
        many.counter_step = 1;
        many.flags = message.flags;
        many.first_flags = detail::kChunkStart;
        many.last_flags = detail::kChunkEnd;
        for (std::size_t lane = 0; lane < many.count; ++lane) {
            many.inputs[lane] = bytes + (at + lane) * kChunk;
        }
        compress_many(message.engine, message.key, many, out + at);
    }
}

// The level above `count` values, in their place; an odd last one goes up as it is. Returns how
// many are left.
std::size_t parent_values(const Message& message, Words* values, std::size_t count) {
    const std::size_t parents = count / 2;
    for (std::size_t at = 0; at < parents; at += kLanes) {
        ManyInputs many;
        many.count = std::min(kLanes, parents - at);
        many.blocks = 1;
        many.flags = message.flags | detail::kParent;
        for (std::size_t lane = 0; lane < many.count; ++lane) {
            many.inputs[lane] =
                reinterpret_cast<const std::uint8_t*>(values[2 * (at + lane)].data());
        }
        std::array<Words, kLanes> above;
        compress_many(message.engine, message.key, many, above.data());
        std::copy_n(above.begin(), many.count, values + at);
    }
    if (count % 2 != 0) {
        values[parents] = values[count - 1];
    }
    return parents + count % 2;
}

// Chaining value of a complete subtree: `chunks` is a power of two, at most kSubtreeChunks.
Words subtree_value(
    const Message& message, const std::uint8_t* bytes, std::size_t chunks, std::uint64_t counter
) {
    std::array<Words, kSubtreeChunks> values;
    chunk_values(message, bytes, chunks, counter, values.data());
    for (std::size_t count = chunks; count > 1;) {
        count = parent_values(message, values.data(), count);
    }
    return values[0];
}

// Of the last chunk, which is not whole and not empty.
Words short_chunk_value(const Message& message, util::ByteView bytes, std::uint64_t counter) {
    Words value = message.key;
    std::uint32_t start = detail::kChunkStart;
    while (bytes.size() > kBlock) {
        value = detail::compress(value, bytes.data(), kBlock, counter, message.flags | start);
        start = 0;
        bytes = bytes.subspan(kBlock);
    }
    std::array<std::uint8_t, kBlock> block{};
    std::copy(bytes.begin(), bytes.end(), block.begin());
    const auto length = static_cast<std::uint32_t>(bytes.size());
    const std::uint32_t flags = message.flags | start | detail::kChunkEnd;
    return detail::compress(value, block.data(), length, counter, flags);
}

Blake3Digest to_digest(const Words& words) {
    Blake3Digest digest{};
    std::memcpy(digest.data(), words.data(), digest.size());
    return digest;
}

} // namespace

Blake3Engine fastest_blake3_engine() {
    static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
    return has_avx2 ? Blake3Engine::Avx2 : Blake3Engine::Portable;
}

Blake3::Blake3(const Words& key, std::uint32_t flags, Blake3Engine engine)
    : key_(key), flags_(flags), engine_(engine), chunk_value_(key) {}

Blake3::Blake3(Blake3Engine engine) : Blake3(detail::kIv, 0, engine) {}

Blake3::Blake3(const Blake3Key& key, Blake3Engine engine)
    : Blake3(key_words(key), detail::kKeyed, engine) {}

// Chunks of the largest complete subtree that may start here and is not the end of the input (the
// end might be the root, which is hashed differently).
std::size_t Blake3::whole_subtree(std::size_t bytes) const {
    if (block_size_ != 0 || blocks_compressed_ != 0 || bytes <= kChunk) {
        return 0;
    }
    std::size_t chunks = std::min(kSubtreeChunks, std::bit_floor((bytes - 1) / kChunk));
    while (chunks_ % chunks != 0) {
        chunks /= 2;
    }
    return chunks;
}

void Blake3::update(util::ByteView bytes) {
    while (!bytes.empty()) {
        if (const std::size_t chunks = whole_subtree(bytes.size()); chunks != 0) {
            const Words value =
                subtree_value({engine_, key_, flags_}, bytes.data(), chunks, chunks_);
            chunks_ += chunks;
            push(value, chunks_ / chunks);
            bytes = bytes.subspan(chunks * kChunk);
            continue;
        }
        const std::size_t in_chunk = std::size_t{blocks_compressed_} * kBlock + block_size_;
        if (in_chunk == kChunk) {
            finish_chunk(); // only now is it known that more follows
            continue;
        }
        const std::size_t count = std::min(bytes.size(), kChunk - in_chunk);
        update_chunk(bytes.first(count));
        bytes = bytes.subspan(count);
    }
}

void Blake3::update_chunk(util::ByteView bytes) {
    while (!bytes.empty()) {
        if (block_size_ == kBlock) {
            const std::uint32_t start = blocks_compressed_ == 0 ? detail::kChunkStart : 0;
            chunk_value_ =
                detail::compress(chunk_value_, block_.data(), kBlock, chunks_, flags_ | start);
            ++blocks_compressed_;
            block_size_ = 0;
        }
        const std::size_t count = std::min(bytes.size(), kBlock - block_size_);
        std::memcpy(block_.data() + block_size_, bytes.data(), count);
        block_size_ = static_cast<std::uint8_t>(block_size_ + count);
        bytes = bytes.subspan(count);
    }
}

void Blake3::finish_chunk() {
    const std::uint32_t start = blocks_compressed_ == 0 ? detail::kChunkStart : 0;
    const Words value = detail::compress(
        chunk_value_, block_.data(), block_size_, chunks_, flags_ | start | detail::kChunkEnd
    );
    ++chunks_;
    chunk_value_ = key_;
    block_size_ = 0;
    blocks_compressed_ = 0;
    push(value, chunks_);
}

// `nodes_after` counts nodes of this value's level up to and including it: each trailing zero bit
// is a finished parent.
void Blake3::push(Words value, std::uint64_t nodes_after) {
    while (nodes_after % 2 == 0) {
        value = parent_value(key_, flags_, stack_[--depth_], value);
        nodes_after /= 2;
    }
    stack_[depth_++] = value;
}

Blake3Digest Blake3::digest() const {
    std::array<std::uint8_t, kBlock> block{};
    std::copy_n(block_.begin(), block_size_, block.begin());
    const std::uint32_t start = blocks_compressed_ == 0 ? detail::kChunkStart : 0;
    const std::uint32_t chunk_flags = flags_ | start | detail::kChunkEnd;
    const bool is_empty_tail = block_size_ == 0 && blocks_compressed_ == 0 && chunks_ != 0;
    if (depth_ == 0) {
        return to_digest(detail::compress(
            chunk_value_, block.data(), block_size_, 0, chunk_flags | detail::kRoot
        ));
    }
    RAILHUB_ASSERT(!is_empty_tail); // update() never ends a chunk without more input
    Words right = detail::compress(chunk_value_, block.data(), block_size_, chunks_, chunk_flags);
    for (std::size_t level = depth_; level > 1; --level) {
        right = parent_value(key_, flags_, stack_[level - 1], right);
    }
    std::memcpy(block.data(), stack_[0].data(), 32);
    std::memcpy(block.data() + 32, right.data(), 32);
    return to_digest(
        detail::compress(key_, block.data(), kBlock, 0, flags_ | detail::kParent | detail::kRoot)
    );
}

namespace {

// More than one chunk, at most kAtOnceChunks. A tree whose left sides are full is what pairing up
// neighbours level by level gives.
Blake3Digest hash_at_once(const Message& message, util::ByteView bytes) {
    std::array<Words, kAtOnceChunks> values;
    const std::size_t whole = bytes.size() / kChunk;
    chunk_values(message, bytes.data(), whole, 0, values.data());
    std::size_t count = whole;
    if (const util::ByteView tail = bytes.subspan(whole * kChunk); !tail.empty()) {
        values[count++] = short_chunk_value(message, tail, whole);
    }
    while (count > 2) {
        count = parent_values(message, values.data(), count);
    }
    return to_digest(parent_value(message.key, message.flags | detail::kRoot, values[0], values[1])
    );
}

} // namespace

Blake3Digest blake3_keyed(const Blake3Key& key, util::ByteView bytes, Blake3Engine engine) {
    if (bytes.size() > kChunk && bytes.size() <= kAtOnceChunks * kChunk) {
        const Words words = key_words(key);
        return hash_at_once({engine, words, detail::kKeyed}, bytes);
    }
    Blake3 hasher(key, engine);
    hasher.update(bytes);
    return hasher.digest();
}

} // namespace railhub::xet
