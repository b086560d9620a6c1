// SPDX-License-Identifier: Apache-2.0
// A small state machine: single bytes for headers, runs for compressed data.
#include "core/repo/detail/pack_scan.h"

#include <algorithm>

namespace railhub::repo::detail {

namespace {

using util::Code;
using util::fail;

constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kIdDelta = 7;
constexpr unsigned kBlob = 3;
constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kScratch = std::size_t{64} << 10;

util::Error bad_pack(std::string_view reason) {
    return fail(Code::InvalidInput, "pack " + std::string(reason));
}

util::Error object_too_large(std::uint64_t size, std::uint64_t limit) {
    return fail(
        Code::TooLarge,
        "pack has an object of " + std::to_string(size) + " bytes, more than " +
            std::to_string(limit),
        "store large files with git-lfs"
    );
}

std::uint32_t big_endian(const std::uint8_t* bytes) {
    return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
           std::uint32_t{bytes[2]} << 8U | std::uint32_t{bytes[3]};
}

// Little-endian base 128; nullopt when it is cut off or too long.
std::optional<std::uint64_t> take_varint(util::ByteView& bytes) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        if (bytes.empty()) {
            return std::nullopt;
        }
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace

PackScanner::PackScanner(const PackLimits& limits) : limits_(limits), scratch_(kScratch) {}

util::Result<> PackScanner::feed(util::ByteView bytes) {
    total_ += bytes.size();
    if (total_ > limits_.max_bytes) {
        return fail(
            Code::TooLarge,
            "pack is larger than " + std::to_string(limits_.max_bytes) + " bytes",
            "push in smaller steps, large files with git-lfs"
        );
    }
    while (!bytes.empty()) {
        std::size_t taken = 1;
        if (state_ == State::Data) {
            RAILHUB_TRY(taken, inflate_some(bytes));
        } else {
            RAILHUB_TRY(feed_byte(bytes.front()));
        }
        bytes = bytes.subspan(taken);
    }
    return {};
}

util::Result<> PackScanner::finish() {
    return state_ == State::Done ? util::Result<>() : bad_pack("ends too early");
}

util::Result<> PackScanner::feed_byte(std::uint8_t byte) {
    if (state_ == State::Done) {
        return bad_pack("has bytes after its end");
    }
    if (state_ == State::Trailer) {
        small_.at(small_size_++) = byte;
        if (small_size_ == small_.size()) {
            const util::Sha1 sum = hasher_.finish();
            if (!std::equal(sum.bytes.begin(), sum.bytes.end(), small_.begin())) {
                return bad_pack("does not match its checksum");
            }
            state_ = State::Done;
        }
        return {};
    }
    hasher_.update(util::ByteView(&byte, 1));
    switch (state_) {
    case State::Header:
        small_.at(small_size_++) = byte;
        return small_size_ == kHeaderSize ? read_header() : util::Result<>();
    case State::Entry:
        return read_entry(byte);
    case State::OffsetBase:
        if ((byte & 0x80U) == 0) {
            state_ = State::Data;
        }
        return {};
    case State::IdBase:
        if (++small_size_ == small_.size()) {
            state_ = State::Data;
        }
        return {};
    case State::Data:
    case State::Trailer:
    case State::Done:
        break;
    }
    return {};
}

util::Result<> PackScanner::read_header() {
    if (!std::equal(small_.begin(), small_.begin() + 4, "PACK")) {
        return bad_pack("does not begin with 'PACK'");
    }
    if (big_endian(small_.data() + 4) != 2) {
        return bad_pack("is of an unknown version");
    }
    count_ = left_ = big_endian(small_.data() + 8);
    if (count_ > limits_.max_objects) {
        return fail(
            Code::TooLarge,
            "pack has " + std::to_string(count_) + " objects, more than " +
                std::to_string(limits_.max_objects),
            "push in smaller steps"
        );
    }
    next_entry();
    return {};
}

void PackScanner::next_entry() {
    state_ = left_ == 0 ? State::Trailer : State::Entry;
    small_size_ = 0;
    shift_ = 0;
    size_ = 0;
}

util::Result<> PackScanner::read_entry(std::uint8_t byte) {
    if (shift_ == 0) {
        type_ = byte >> 4U & 7U;
        size_ = byte & 15U;
        shift_ = 4;
    } else {
        if (shift_ > 56) {
            return bad_pack("has an object of an absurd size");
        }
        size_ |= std::uint64_t{byte & 0x7fU} << shift_;
        shift_ += 7;
    }
    return (byte & 0x80U) == 0 ? begin_entry() : util::Result<>();
}

util::Result<> PackScanner::begin_entry() {
    if (type_ == 0 || type_ == 5) {
        return bad_pack("has an object of an unknown type");
    }
    const std::uint64_t limit = type_ == kBlob ? limits_.max_blob_bytes : limits_.max_object_bytes;
    if (size_ > limit) {
        return object_too_large(size_, limit);
    }
    inflater_.restart();
    inflated_ = 0;
    start_size_ = 0;
    small_size_ = 0;
    state_ = type_ == kOffsetDelta ? State::OffsetBase
             : type_ == kIdDelta   ? State::IdBase
                                   : State::Data;
    return {};
}

util::Result<std::size_t> PackScanner::inflate_some(util::ByteView bytes) {
    std::size_t taken = 0;
    while (state_ == State::Data) {
        RAILHUB_TRY(const auto step, inflater_.step(bytes.subspan(taken), scratch_));
        hasher_.update(bytes.subspan(taken, step.taken));
        taken += step.taken;
        inflated_ += step.given;
        if (inflated_ > size_) {
            return bad_pack("has an object larger than it says");
        }
        const std::size_t kept = std::min(step.given, start_.size() - start_size_);
        std::copy_n(scratch_.begin(), kept, start_.begin() + start_size_);
        start_size_ += kept;
        if (step.at_end) {
            RAILHUB_TRY(end_entry());
        } else if (step.taken == 0 && step.given == 0) {
            break; // wants more input
        }
    }
    return taken;
}

util::Result<> PackScanner::end_entry() {
    if (inflated_ != size_) {
        return bad_pack("has an object smaller than it says");
    }
    if (type_ == kOffsetDelta || type_ == kIdDelta) {
        RAILHUB_TRY(check_delta());
    }
    --left_;
    next_entry();
    return {};
}

util::Result<> PackScanner::check_delta() {
    util::ByteView start = util::ByteView(start_).first(start_size_);
    const auto base = take_varint(start);
    const auto result = take_varint(start);
    if (!base || !result) {
        return bad_pack("has a damaged delta");
    }
    const std::uint64_t largest = std::max(*base, *result);
    if (largest > limits_.max_object_bytes) {
        return object_too_large(largest, limits_.max_object_bytes);
    }
    return {};
}

} // namespace railhub::repo::detail
