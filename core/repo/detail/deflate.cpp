// SPDX-License-Identifier: Apache-2.0
// zlib behind spans and Results. Only zlib's use is fallible in ways we report: a damaged stream;
// all else would be a mistake of ours or no memory.
#include "core/repo/detail/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace railhub::repo::detail {

namespace {

using util::Code;
using util::fail;

// zlib's counters are 32 bits wide.
constexpr std::size_t kLargestStep = std::numeric_limits<uInt>::max() / 2;

Bytef* input_of(util::ByteView bytes) {
    return const_cast<Bytef*>(bytes.data()); // zlib does not write to it
}

} // namespace

std::string deflate(util::ByteView bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(size, '\0');
    const int code = compress2(
        reinterpret_cast<Bytef*>(out.data()),
        &size,
        bytes.data(),
        static_cast<uLong>(bytes.size()),
        Z_DEFAULT_COMPRESSION
    );
    RAILHUB_ASSERT(code == Z_OK);
    out.resize(size);
    return out;
}

util::Result<> inflate(util::ByteView deflated, std::span<std::uint8_t> into) {
    // zlib wants a place to write to even for nothing.
    std::uint8_t nowhere = 0;
    uLongf size = into.empty() ? 1 : static_cast<uLongf>(into.size());
    Bytef* const target = into.empty() ? &nowhere : into.data();
    const int code =
        uncompress(target, &size, deflated.data(), static_cast<uLong>(deflated.size()));
    if (code != Z_OK || size != into.size()) {
        return fail(Code::Corrupt, "compressed data is damaged");
    }
    return {};
}

struct DeflateWriter::State {
    z_stream stream{};
    std::array<std::uint8_t, std::size_t{64} << 10> buffer{};

    State() { RAILHUB_ASSERT(deflateInit(&stream, Z_DEFAULT_COMPRESSION) == Z_OK); }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() { deflateEnd(&stream); }
};

DeflateWriter::DeflateWriter(util::Writer& to) : to_(to), state_(std::make_unique<State>()) {}

DeflateWriter::~DeflateWriter() = default;

util::Result<> DeflateWriter::run(util::ByteView bytes, int flush) {
    z_stream& stream = state_->stream;
    stream.next_in = input_of(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    while (true) {
        stream.next_out = state_->buffer.data();
        stream.avail_out = static_cast<uInt>(state_->buffer.size());
        const int code = ::deflate(&stream, flush);
        RAILHUB_ASSERT(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR);
        const std::size_t given = state_->buffer.size() - stream.avail_out;
        if (given > 0) {
            RAILHUB_TRY(to_.write(util::ByteView(state_->buffer).first(given)));
        }
        if (stream.avail_out != 0) {
            return {};
        }
    }
}

util::Result<> DeflateWriter::write(util::ByteView bytes) {
    while (!bytes.empty()) {
        const util::ByteView part = bytes.first(std::min(bytes.size(), kLargestStep));
        RAILHUB_TRY(run(part, Z_NO_FLUSH));
        bytes = bytes.subspan(part.size());
    }
    return {};
}

util::Result<> DeflateWriter::finish() {
    return run({}, Z_FINISH);
}

struct Inflater::State {
    z_stream stream{};

    State() { RAILHUB_ASSERT(inflateInit(&stream) == Z_OK); }

    State(const State&) = delete;
    State& operator=(const State&) = delete;

    ~State() { inflateEnd(&stream); }
};

Inflater::Inflater() : state_(std::make_unique<State>()) {}

Inflater::~Inflater() = default;

void Inflater::restart() {
    RAILHUB_ASSERT(inflateReset(&state_->stream) == Z_OK);
}

util::Result<Inflater::Step> Inflater::step(util::ByteView input, std::span<std::uint8_t> output) {
    z_stream& stream = state_->stream;
    const std::size_t input_size = std::min(input.size(), kLargestStep);
    const std::size_t output_size = std::min(output.size(), kLargestStep);
    stream.next_in = input_of(input);
    stream.avail_in = static_cast<uInt>(input_size);
    stream.next_out = output.data();
    stream.avail_out = static_cast<uInt>(output_size);
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return fail(Code::InvalidInput, "compressed data is damaged");
    }
    return Step{input_size - stream.avail_in, output_size - stream.avail_out, code == Z_STREAM_END};
}

} // namespace railhub::repo::detail
