// SPDX-License-Identifier: Apache-2.0
// zlib behind a Reader; the totals are counted here, not taken from the stream's own fields.
#include "server/http/inflating_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace railhub::http {

namespace {

constexpr int kAutoDetectWindow = 15 + 32; // gzip or zlib header, largest window
constexpr std::uint64_t kRatioGrace = std::uint64_t{1} << 20;

} // namespace

struct InflatingReader::State {
    z_stream stream{};
    std::array<std::uint8_t, std::size_t{16} * 1024> input{};
    std::uint64_t taken = 0;
    std::uint64_t made = 0;
    bool is_ready = false;
    bool is_finished = false;
};

InflatingReader::InflatingReader(util::Reader& from, const InflateLimits& limits)
    : from_(from), limits_(limits), state_(std::make_unique<State>()) {
    state_->is_ready = inflateInit2(&state_->stream, kAutoDetectWindow) == Z_OK;
}

InflatingReader::~InflatingReader() {
    inflateEnd(&state_->stream);
}

util::Result<> InflatingReader::refill() {
    RAILHUB_TRY(const std::size_t count, from_.read(state_->input));
    if (count == 0) {
        return util::fail(util::Code::InvalidInput, "compressed body ends early");
    }
    state_->taken += count;
    state_->stream.next_in = state_->input.data();
    state_->stream.avail_in = static_cast<uInt>(count);
    return {};
}

// Bytes behind the end would be content that nobody reads: refused, not skipped.
util::Result<> InflatingReader::check_end() {
    std::size_t extra = state_->stream.avail_in;
    if (extra == 0) {
        RAILHUB_TRY(extra, from_.read(state_->input));
    }
    if (extra > 0) {
        return util::fail(util::Code::InvalidInput, "bytes behind the end of a compressed body");
    }
    state_->is_finished = true;
    return {};
}

util::Result<> InflatingReader::check_limits() const {
    if (state_->made > limits_.max_bytes) {
        return util::fail(util::Code::TooLarge, "compressed body inflates to more than is allowed");
    }
    if (state_->made > kRatioGrace && state_->made / limits_.max_ratio > state_->taken) {
        return util::fail(util::Code::TooLarge, "compressed body inflates far beyond its size");
    }
    return {};
}

util::Result<std::size_t> InflatingReader::inflate_into(std::span<std::uint8_t> into) {
    z_stream& stream = state_->stream;
    const std::size_t most = std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max());
    stream.next_out = into.data();
    stream.avail_out = static_cast<uInt>(most);
    const int code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t count = most - stream.avail_out;
    state_->made += count;
    RAILHUB_TRY(check_limits());
    if (code == Z_STREAM_END) {
        RAILHUB_TRY(check_end());
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return util::fail(util::Code::InvalidInput, "compressed body is broken");
    }
    return count;
}

util::Result<std::size_t> InflatingReader::read(std::span<std::uint8_t> into) {
    if (!state_->is_ready) {
        return util::fail(util::Code::Unavailable, "no memory to inflate a body");
    }
    while (!state_->is_finished && !into.empty()) {
        // zlib may still hold output when all input is used up: ask it before reading more.
        RAILHUB_TRY(const std::size_t count, inflate_into(into));
        if (count > 0) {
            return count;
        }
        if (!state_->is_finished && state_->stream.avail_in == 0) {
            RAILHUB_TRY(refill());
        }
    }
    return std::size_t{0};
}

} // namespace railhub::http
