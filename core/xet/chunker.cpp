// SPDX-License-Identifier: Apache-2.0
// The gear scan. Only the last 64 bytes matter to the hash, so the bytes before a chunk's first
// admissible border, less 64, are skipped: exact, not an approximation.
#include "core/xet/chunker.h"

#include "core/xet/detail/gear_table.h"

#include <algorithm>

namespace railhub::xet {

namespace {

constexpr std::uint64_t kBorderBelow = std::uint64_t{1} << 48; // (hash & 0xFFFF000000000000) == 0
constexpr std::size_t kWindow = 64;
constexpr std::size_t kSkip = kMinChunk - kWindow;
// A border of any chunker is known to be a border of every earlier one after two neighbouring
// chunks of such sizes (xet specification, 1.3).
constexpr std::size_t kSettledFrom = 2 * kMinChunk;
constexpr std::size_t kSettledBelow = kMaxChunk - kMinChunk;
constexpr std::size_t kInterleaveFrom = 4 * kMaxChunk;

// Size of the chunk that starts at the front of `bytes`, which holds at least one byte.
std::size_t first_chunk(util::ByteView bytes) {
    const std::size_t limit = std::min(bytes.size(), kMaxChunk);
    std::uint64_t hash = 0;
    std::size_t at = std::min(limit, kSkip);
    for (const std::size_t warm = std::min(limit, kMinChunk - 1); at < warm; ++at) {
        hash = (hash << 1) + detail::kGear[bytes[at]];
    }
    while (at < limit) {
        hash = (hash << 1) + detail::kGear[bytes[at++]];
        if (hash < kBorderBelow) {
            return at;
        }
    }
    return limit;
}

// Two chunks at once, one at the front of each view; both hold kMaxChunk bytes at least.
struct ChunkPair {
    std::size_t left = 0;
    std::size_t right = 0;
};

ChunkPair first_chunks(const std::uint8_t* left, const std::uint8_t* right) {
    std::uint64_t left_hash = 0;
    std::uint64_t right_hash = 0;
    std::size_t at = kSkip;
    for (; at < kMinChunk - 1; ++at) {
        left_hash = (left_hash << 1) + detail::kGear[left[at]];
        right_hash = (right_hash << 1) + detail::kGear[right[at]];
    }
    ChunkPair found;
    while (at < kMaxChunk) {
        left_hash = (left_hash << 1) + detail::kGear[left[at]];
        right_hash = (right_hash << 1) + detail::kGear[right[at]];
        ++at;
        if (left_hash < kBorderBelow || right_hash < kBorderBelow) {
            found.left = left_hash < kBorderBelow ? at : 0;
            found.right = right_hash < kBorderBelow ? at : 0;
            break;
        }
    }
    // The other one goes on alone from where the pair stopped.
    const auto finish = [at](const std::uint8_t* bytes, std::uint64_t hash) {
        std::size_t i = at;
        while (i < kMaxChunk) {
            hash = (hash << 1) + detail::kGear[bytes[i++]];
            if (hash < kBorderBelow) {
                break;
            }
        }
        return i;
    };
    found.left = found.left != 0 ? found.left : finish(left, left_hash);
    found.right = found.right != 0 ? found.right : finish(right, right_hash);
    return found;
}

bool is_settling(std::uint32_t size) {
    return size >= kSettledFrom && size < kSettledBelow;
}

// Offsets of the borders of chunks that start at `from`, to the end.
void scan_one(util::ByteView bytes, std::size_t from, std::vector<std::uint32_t>& sizes) {
    while (from < bytes.size()) {
        const std::size_t size = first_chunk(bytes.subspan(from));
        sizes.push_back(static_cast<std::uint32_t>(size));
        from += size;
    }
}

// What the right strip found: chunk sizes from its start, and the first border that is also a
// border of the left strip's scan.
struct Strip {
    std::size_t at = 0;
    std::vector<std::uint32_t> sizes;
};

// Scans both strips until one of them comes near its end.
void scan_pair(util::ByteView bytes, std::size_t middle, Strip& left, Strip& right) {
    while (left.at + kMaxChunk <= middle && right.at + kMaxChunk <= bytes.size()) {
        const ChunkPair pair = first_chunks(bytes.data() + left.at, bytes.data() + right.at);
        left.sizes.push_back(static_cast<std::uint32_t>(pair.left));
        right.sizes.push_back(static_cast<std::uint32_t>(pair.right));
        left.at += pair.left;
        right.at += pair.right;
    }
}

// Offset, in chunks, behind the first two neighbours that settle; sizes.size() when none do.
std::size_t settled_index(const std::vector<std::uint32_t>& sizes) {
    for (std::size_t i = 1; i < sizes.size(); ++i) {
        if (is_settling(sizes[i - 1]) && is_settling(sizes[i])) {
            return i + 1;
        }
    }
    return sizes.size();
}

std::size_t total(const std::vector<std::uint32_t>& sizes, std::size_t count) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum += sizes[i];
    }
    return sum;
}

} // namespace

std::size_t Chunker::next(util::ByteView bytes) {
    std::size_t taken = 0;
    if (size_ < kSkip) {
        taken = std::min(bytes.size(), kSkip - size_);
        size_ += taken;
    }
    while (taken < bytes.size()) {
        hash_ = (hash_ << 1) + detail::kGear[bytes[taken++]];
        ++size_;
        const bool is_border = (size_ >= kMinChunk && hash_ < kBorderBelow) || size_ == kMaxChunk;
        if (is_border) {
            hash_ = 0;
            size_ = 0;
            return taken;
        }
    }
    return 0;
}

std::vector<std::uint32_t> chunk_sizes(util::ByteView bytes) {
    std::vector<std::uint32_t> sizes;
    sizes.reserve(bytes.size() / kTargetChunk + 2);
    if (bytes.size() < kInterleaveFrom) {
        scan_one(bytes, 0, sizes);
        return sizes;
    }
    const std::size_t middle = bytes.size() / 2;
    Strip left;
    Strip right{middle, {}};
    scan_pair(bytes, middle, left, right);
    const std::size_t joint_index = settled_index(right.sizes);
    const std::size_t joint = middle + total(right.sizes, joint_index);
    // The left scan goes on to the joint, which is one of its borders if the right strip settled.
    while (left.at < joint && left.at < bytes.size()) {
        const std::size_t size = first_chunk(bytes.subspan(left.at));
        left.sizes.push_back(static_cast<std::uint32_t>(size));
        left.at += size;
    }
    if (left.at != joint) { // never settled: the right strip is of no use
        scan_one(bytes, left.at, left.sizes);
        return left.sizes;
    }
    left.sizes.insert(
        left.sizes.end(),
        right.sizes.begin() + static_cast<std::ptrdiff_t>(joint_index),
        right.sizes.end()
    );
    scan_one(bytes, right.at, left.sizes);
    return left.sizes;
}

} // namespace railhub::xet
