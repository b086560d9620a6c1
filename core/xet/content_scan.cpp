// SPDX-License-Identifier: Apache-2.0
// Whole SHA-256 blocks go through the loop that fits the place in the chunk: no border may come
// yet, borders count at every byte, or something in between, which is done byte by byte.
#include "core/xet/content_scan.h"

#include "core/xet/detail/gear_table.h"
#include "core/xet/detail/sha_gear.h"

#include <algorithm>

namespace railhub::xet {

namespace {

void put_big_endian(std::uint64_t value, std::uint8_t* out, std::size_t bytes) {
    for (std::size_t i = bytes; i > 0; --i) {
        out[i - 1] = static_cast<std::uint8_t>(value);
        value >>= 8;
    }
}

} // namespace

ScanEngine fastest_scan_engine() {
    return detail::has_sha_instructions() ? ScanEngine::ShaInstructions : ScanEngine::Portable;
}

ContentScan::ContentScan(ScanEngine engine) : engine_(engine), state_(detail::kShaStart) {}

void ContentScan::update(util::ByteView bytes, std::vector<std::size_t>& borders) {
    if (engine_ == ScanEngine::Portable) {
        portable_.update(bytes);
        chunker_.scan(bytes, borders);
        return;
    }
    total_ += bytes.size();
    std::size_t at = 0;
    if (held_ > 0) {
        at = std::min(bytes.size(), kBlock - held_);
        take_few(bytes.first(at), 0, borders);
    }
    while (bytes.size() - at >= kBlock) {
        const std::size_t whole = (bytes.size() - at) / kBlock * kBlock;
        at += take_blocks(bytes.subspan(at, whole), at, borders);
    }
    take_few(bytes.subspan(at), at, borders);
}

// Bytes that begin at offset `at` of the caller's and do not go beyond a block.
void ContentScan::take_few(
    util::ByteView bytes, std::size_t at, std::vector<std::size_t>& borders
) {
    std::copy(bytes.begin(), bytes.end(), block_.begin() + static_cast<std::ptrdiff_t>(held_));
    held_ += bytes.size();
    if (held_ == kBlock) {
        detail::sha_blocks(state_, block_.data(), 1);
        held_ = 0;
    }
    take_bytes(bytes, at, borders);
}

// Some whole blocks from the front; returns how many bytes.
std::size_t
ContentScan::take_blocks(util::ByteView blocks, std::size_t at, std::vector<std::size_t>& borders) {
    const std::size_t most = blocks.size() / kBlock;
    const std::size_t size = chunker_.size_;
    const std::size_t skipped = size < detail::kGearSkip ? detail::kGearSkip - size : 0;
    if (const std::size_t count = std::min(most, skipped / kBlock); count > 0) {
        detail::sha_blocks(state_, blocks.data(), count);
        chunker_.size_ += count * kBlock;
        return count * kBlock;
    }
    const std::size_t room = size >= kMinChunk - 1 ? kMaxChunk - size : 0;
    if (const std::size_t count = std::min(most, room / kBlock); count > 0) {
        return take_gear_blocks(blocks.first(count * kBlock), at, borders);
    }
    detail::sha_blocks(state_, blocks.data(), 1);
    take_bytes(blocks.first(kBlock), at, borders);
    return kBlock;
}

// Where a border may come behind every byte.
std::size_t ContentScan::take_gear_blocks(
    util::ByteView blocks, std::size_t at, std::vector<std::size_t>& borders
) {
    const auto run = detail::sha_gear_blocks(
        state_, chunker_.hash_, detail::kGearBorderBelow, blocks.data(), blocks.size() / kBlock
    );
    const std::size_t taken = run.blocks * kBlock;
    chunker_.size_ += taken;
    if (run.border != 0) {
        const std::size_t behind = kBlock - run.border;
        borders.push_back(at + taken - behind);
        chunker_.size_ = behind;
        chunker_.hash_ = 0;
    } else if (chunker_.size_ == kMaxChunk) {
        borders.push_back(at + taken);
        chunker_.size_ = 0;
        chunker_.hash_ = 0;
    }
    return taken;
}

void ContentScan::take_bytes(
    util::ByteView bytes, std::size_t at, std::vector<std::size_t>& borders
) {
    while (!bytes.empty()) {
        const std::size_t size = chunker_.next(bytes);
        if (size == 0) {
            return;
        }
        at += size;
        borders.push_back(at);
        bytes = bytes.subspan(size);
    }
}

util::Sha256 ContentScan::finish() {
    chunker_ = {};
    if (engine_ == ScanEngine::Portable) {
        return portable_.finish();
    }
    block_[held_] = 0x80;
    std::fill(
        block_.begin() + static_cast<std::ptrdiff_t>(held_) + 1, block_.end(), std::uint8_t{0}
    );
    if (held_ + 1 > kBlock - 8) { // no room for the length
        detail::sha_blocks(state_, block_.data(), 1);
        block_.fill(0);
    }
    put_big_endian(total_ * 8, block_.data() + kBlock - 8, 8);
    detail::sha_blocks(state_, block_.data(), 1);
    util::Sha256 digest;
    for (std::size_t i = 0; i < state_.size(); ++i) {
        put_big_endian(state_[i], digest.bytes.data() + 4 * i, 4);
    }
    state_ = detail::kShaStart;
    total_ = 0;
    held_ = 0;
    return digest;
}

} // namespace railhub::xet
