// SPDX-License-Identifier: Apache-2.0
// The gear scan. Only the last 64 bytes matter to the hash, so the bytes before a chunk's first
// admissible border, less 64, are skipped: exact, not an approximation.
#include "core/xet/chunker.h"

#include "core/xet/detail/gear_table.h"

#include <algorithm>

namespace railhub::xet {

namespace {

constexpr std::uint64_t kBorderBelow = detail::kGearBorderBelow;
constexpr std::size_t kSkip = detail::kGearSkip;
static_assert(kSkip == kMinChunk - detail::kGearWindow);
constexpr std::size_t kInterleaveFrom = 4 * kMaxChunk;

// How many steps until a border; `count` also when there is none.
std::size_t run_one(const std::uint8_t* bytes, std::size_t count, std::uint64_t& hash) {
    std::uint64_t h = hash;
    std::size_t i = 0;
    while (i < count) {
        h = (h << 1) + detail::kGear[bytes[i++]];
        if (h < kBorderBelow) {
            break;
        }
    }
    hash = h;
    return i;
}

// The hash before the first byte behind which a chunk that begins here may end.
std::uint64_t warm_up(const std::uint8_t* chunk) {
    std::uint64_t hash = 0;
    for (std::size_t i = kSkip; i < kMinChunk - 1; ++i) {
        hash = (hash << 1) + detail::kGear[chunk[i]];
    }
    return hash;
}

// Size of the chunk that starts at the front of `bytes`, which holds at least one byte.
std::size_t first_chunk(util::ByteView bytes) {
    const std::size_t limit = std::min(bytes.size(), kMaxChunk);
    if (limit < kMinChunk) {
        return limit;
    }
    std::uint64_t hash = warm_up(bytes.data());
    return kMinChunk - 1 + run_one(bytes.data() + kMinChunk - 1, limit - kMinChunk + 1, hash);
}

// One of two scans that run side by side, so that the latency of one hash hides in the other's. A
// chunk it begins has room for kMaxChunk bytes.
struct Strip {
    const std::uint8_t* bytes;
    std::size_t start; // of the chunk being scanned
    std::size_t at = 0;
    std::uint64_t hash = 0;
    std::vector<std::size_t> borders{};

    void begin_chunk() {
        hash = warm_up(bytes + start);
        at = start + kMinChunk - 1;
    }

    // Alone, if one is open.
    void finish_chunk() {
        if (at > start) {
            at += run_one(bytes + at, room(), hash);
            end_chunk();
        }
    }

    [[nodiscard]] std::size_t room() const { return start + kMaxChunk - at; }

    // After some steps: is a chunk complete?
    bool end_chunk() {
        if (hash >= kBorderBelow && at - start < kMaxChunk) {
            return false;
        }
        borders.push_back(at);
        start = at;
        return true;
    }
};

// Steps both until one of them comes to a border or has no room.
void run_pair(Strip& left, Strip& right) {
    const std::size_t count = std::min(left.room(), right.room());
    const std::uint8_t* const left_bytes = left.bytes + left.at;
    const std::uint8_t* const right_bytes = right.bytes + right.at;
    std::uint64_t left_hash = left.hash;
    std::uint64_t right_hash = right.hash;
    std::size_t i = 0;
    while (i < count) {
        left_hash = (left_hash << 1) + detail::kGear[left_bytes[i]];
        right_hash = (right_hash << 1) + detail::kGear[right_bytes[i]];
        ++i;
        if (std::min(left_hash, right_hash) < kBorderBelow) {
            break;
        }
    }
    left.at += i;
    right.at += i;
    left.hash = left_hash;
    right.hash = right_hash;
}

// Both scan until one comes to the end of its part. Precondition: a whole chunk fits behind either
// start.
void run_strips(Strip& left, Strip& right, std::size_t left_end, std::size_t right_end) {
    left.begin_chunk();
    right.begin_chunk();
    while (true) {
        run_pair(left, right);
        if (left.end_chunk()) {
            if (left.start >= left_end) {
                right.finish_chunk();
                return;
            }
            left.begin_chunk();
        }
        if (right.end_chunk()) {
            if (right.start + kMaxChunk > right_end) {
                left.finish_chunk();
                return;
            }
            right.begin_chunk();
        }
    }
}

// Appends borders from `from`, where a chunk begins, up to the last that is found by two strips. A
// chunk is told by where it begins: as soon as the left scan comes to a border of the right one,
// the rest of that is right too (1.3).
std::size_t scan_strips(util::ByteView bytes, std::size_t from, std::vector<std::size_t>& borders) {
    // The left strip ends later than its part: it goes on alone until it meets the right one.
    const std::size_t middle = from + (bytes.size() - from) / 2 - kMaxChunk / 2;
    Strip left{bytes.data(), from};
    Strip right{bytes.data(), middle};
    run_strips(left, right, middle, bytes.size());
    borders.insert(borders.end(), left.borders.begin(), left.borders.end());
    std::size_t at = left.start;
    auto meeting = right.borders.begin();
    while (at < bytes.size()) {
        meeting = std::lower_bound(meeting, right.borders.end(), at);
        if (at == middle || meeting == right.borders.end() || *meeting == at) {
            break;
        }
        const std::size_t size = first_chunk(bytes.subspan(at));
        if (size < kMaxChunk && at + size == bytes.size()) {
            return at; // may go on behind the bytes
        }
        at += size;
        borders.push_back(at);
    }
    if (at == middle) {
        meeting = right.borders.begin();
    } else if (meeting != right.borders.end()) {
        ++meeting; // it is in already
    }
    borders.insert(borders.end(), meeting, right.borders.end());
    return meeting == right.borders.end() ? at : right.borders.back();
}

} // namespace

std::size_t Chunker::next(util::ByteView bytes) {
    std::size_t taken = 0;
    if (size_ < kSkip) {
        taken = std::min(bytes.size(), kSkip - size_);
    }
    while (taken < bytes.size() && size_ + taken < kMinChunk - 1) {
        hash_ = (hash_ << 1) + detail::kGear[bytes[taken++]];
    }
    const std::size_t count = std::min(bytes.size() - taken, kMaxChunk - size_ - taken);
    bool is_border = false;
    if (count > 0) {
        taken += run_one(bytes.data() + taken, count, hash_);
        is_border = hash_ < kBorderBelow || size_ + taken == kMaxChunk;
    }
    size_ += taken;
    if (!is_border) {
        return 0;
    }
    hash_ = 0;
    size_ = 0;
    return taken;
}

void Chunker::scan(util::ByteView bytes, std::vector<std::size_t>& borders) {
    std::size_t at = 0;
    if (bytes.size() >= kInterleaveFrom) {
        if (size_ > 0) {
            at = next(bytes);
            borders.push_back(at);
        }
        at = scan_strips(bytes, at, borders);
    }
    while (at < bytes.size()) {
        const std::size_t size = next(bytes.subspan(at));
        if (size == 0) {
            return;
        }
        at += size;
        borders.push_back(at);
    }
}

std::vector<std::uint32_t> chunk_sizes(util::ByteView bytes) {
    std::vector<std::size_t> borders;
    borders.reserve(bytes.size() / kTargetChunk + 2);
    Chunker chunker;
    chunker.scan(bytes, borders);
    if (chunker.pending() > 0) {
        borders.push_back(bytes.size());
    }
    std::vector<std::uint32_t> sizes;
    sizes.reserve(borders.size());
    std::size_t start = 0;
    for (const std::size_t border : borders) {
        sizes.push_back(static_cast<std::uint32_t>(border - start));
        start = border;
    }
    return sizes;
}

} // namespace railhub::xet
