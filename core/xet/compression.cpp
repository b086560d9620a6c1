// SPDX-License-Identifier: Apache-2.0
// LZ4 frames and byte grouping.
#include "core/xet/compression.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <lz4frame.h>

namespace railhub::xet {

namespace {

constexpr std::size_t kGroups = 4;
// Grouping pays when some byte position's bits differ that much (in nats) from the whole.
constexpr double kGroupingThreshold = 0.02;

util::Error damaged() {
    return util::fail(util::Code::InvalidInput, "a chunk's compressed bytes are damaged");
}

// How often each number of set bits occurs; all bins begin at one.
using BitHistogram = std::array<double, 9>;

double divergence(const BitHistogram& part, const BitHistogram& whole) {
    double part_sum = 0;
    double whole_sum = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
        part_sum += part[i];
        whole_sum += whole[i];
    }
    double sum = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const double p = part[i] / part_sum;
        sum += p * std::log(p / (whole[i] / whole_sum));
    }
    return sum;
}

} // namespace

void group_bytes(util::ByteView from, std::span<std::uint8_t> to) {
    std::size_t at = 0;
    for (std::size_t group = 0; group < kGroups; ++group) {
        for (std::size_t i = group; i < from.size(); i += kGroups) {
            to[at++] = from[i];
        }
    }
}

void ungroup_bytes(util::ByteView from, std::span<std::uint8_t> to) {
    std::size_t at = 0;
    for (std::size_t group = 0; group < kGroups; ++group) {
        for (std::size_t i = group; i < to.size(); i += kGroups) {
            to[i] = from[at++];
        }
    }
}

struct ChunkDecoder::State {
    LZ4F_dctx* context = nullptr;
    util::Bytes scratch;

    State() {
        // Fails only without memory, which ends the process anyway.
        RAILHUB_ASSERT(LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) == 0);
    }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() { LZ4F_freeDecompressionContext(context); }

    util::Result<> decode_frame(util::ByteView payload, std::span<std::uint8_t> to) {
        LZ4F_resetDecompressionContext(context);
        std::size_t filled = 0;
        while (true) {
            std::size_t out_size = to.size() - filled;
            std::size_t in_size = payload.size();
            const std::size_t hint = LZ4F_decompress(
                context, to.data() + filled, &out_size, payload.data(), &in_size, nullptr
            );
            if (LZ4F_isError(hint) != 0) {
                return damaged();
            }
            filled += out_size;
            payload = payload.subspan(in_size);
            if (hint == 0) { // the frame has ended
                return filled == to.size() && payload.empty() ? util::Result<>{} : damaged();
            }
            if (out_size == 0 && in_size == 0) { // cut off, or more than fits
                return damaged();
            }
        }
    }
};

ChunkDecoder::ChunkDecoder() : state_(std::make_unique<State>()) {}

ChunkDecoder::~ChunkDecoder() = default;
ChunkDecoder::ChunkDecoder(ChunkDecoder&&) noexcept = default;
ChunkDecoder& ChunkDecoder::operator=(ChunkDecoder&&) noexcept = default;

util::Result<>
ChunkDecoder::decode(Scheme scheme, util::ByteView payload, std::span<std::uint8_t> to) {
    switch (scheme) {
    case Scheme::None:
        if (payload.size() != to.size()) {
            return damaged();
        }
        std::copy(payload.begin(), payload.end(), to.begin());
        return {};
    case Scheme::Lz4:
        return state_->decode_frame(payload, to);
    case Scheme::Grouped:
        state_->scratch.resize(to.size());
        RAILHUB_TRY(state_->decode_frame(payload, state_->scratch));
        ungroup_bytes(state_->scratch, to);
        return {};
    }
    return damaged();
}

Scheme likely_scheme(util::ByteView chunk) {
    std::array<BitHistogram, kGroups> parts{};
    BitHistogram whole{};
    whole.fill(1);
    for (BitHistogram& part : parts) {
        part.fill(1);
    }
    for (std::size_t i = 0; i < chunk.size(); ++i) {
        const auto bits = static_cast<std::size_t>(std::popcount(chunk[i]));
        parts[i % kGroups][bits] += 1;
        whole[bits] += 1;
    }
    double largest = 0;
    for (const BitHistogram& part : parts) {
        largest = std::max(largest, divergence(part, whole));
    }
    return largest > kGroupingThreshold ? Scheme::Grouped : Scheme::Lz4;
}

Scheme encode_chunk(Scheme wanted, util::ByteView chunk, util::Bytes& out) {
    const std::size_t start = out.size();
    if (wanted != Scheme::None && !chunk.empty()) {
        util::Bytes grouped;
        util::ByteView source = chunk;
        if (wanted == Scheme::Grouped) {
            grouped.resize(chunk.size());
            group_bytes(chunk, grouped);
            source = grouped;
        }
        LZ4F_preferences_t preferences{};
        preferences.frameInfo.blockMode = LZ4F_blockIndependent;
        preferences.frameInfo.blockSizeID = LZ4F_max256KB;
        out.resize(start + LZ4F_compressFrameBound(source.size(), &preferences));
        const std::size_t size = LZ4F_compressFrame(
            out.data() + start, out.size() - start, source.data(), source.size(), &preferences
        );
        if (LZ4F_isError(size) == 0 && size < chunk.size()) {
            out.resize(start + size);
            return wanted;
        }
        out.resize(start);
    }
    out.insert(out.end(), chunk.begin(), chunk.end());
    return Scheme::None;
}

} // namespace railhub::xet
