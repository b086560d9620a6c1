// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/inflating_reader.
#include "server/http/inflating_reader.h"
#include "tests/support/catch.h"

#include <zlib.h>

#include <string>

namespace railhub::tests {

namespace {

std::string deflated(std::string_view text, int window_bits) {
    z_stream stream{};
    REQUIRE(
        deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) ==
        Z_OK
    );
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

std::string gzip(std::string_view text) {
    return deflated(text, 15 + 16);
}

util::Result<std::string>
inflated(std::string_view packed, const http::InflateLimits& limits = {}) {
    util::MemoryReader from(packed);
    http::InflatingReader reader(from, limits);
    return util::read_all(reader, std::uint64_t{1} << 30);
}

} // namespace

TEST_CASE("gzip and zlib bodies are inflated") {
    std::string text;
    for (int i = 0; i < 50'000; ++i) {
        text += std::to_string(i * 7919);
    }
    CHECK(inflated(gzip(text)).value() == text);
    CHECK(inflated(deflated(text, 15)).value() == text);
    CHECK(inflated(gzip("")).value().empty());
}

TEST_CASE("a bomb is stopped by its size or by its ratio") {
    const std::string bomb = gzip(std::string(32 << 20, 'a'));
    REQUIRE_ERROR(inflated(bomb), util::Code::TooLarge);
    http::InflateLimits small;
    small.max_bytes = 1000;
    REQUIRE_ERROR(inflated(gzip(std::string(1001, 'a')), small), util::Code::TooLarge);
    CHECK(inflated(gzip(std::string(1000, 'a')), small).ok());
    // A small text may be as dense as it likes.
    CHECK(inflated(gzip(std::string(1 << 20, 'a'))).ok());
}

TEST_CASE("broken, cut and continued streams are errors") {
    const std::string packed = gzip("some text that is long enough to be cut");
    REQUIRE_ERROR(inflated(packed.substr(0, packed.size() - 1)), util::Code::InvalidInput);
    REQUIRE_ERROR(inflated(packed.substr(0, 5)), util::Code::InvalidInput);
    REQUIRE_ERROR(inflated(packed + "x"), util::Code::InvalidInput);
    REQUIRE_ERROR(inflated("no gzip at all"), util::Code::InvalidInput);
    REQUIRE_ERROR(inflated(""), util::Code::InvalidInput);
    std::string flipped = packed;
    flipped[20] = static_cast<char>(flipped[20] ^ 0x10);
    REQUIRE_ERROR(inflated(flipped), util::Code::InvalidInput);
}

} // namespace railhub::tests
