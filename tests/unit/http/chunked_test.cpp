// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/chunked.
#include "server/http/chunked.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>

namespace railhub::tests {

namespace {

// Decodes `text` offered in pieces of `step` bytes; "error" or "cut" instead of the data.
std::string decoded(std::string_view text, std::size_t step) {
    http::ChunkedDecoder decoder;
    std::string data;
    while (!decoder.is_done() && !text.empty()) {
        const std::string_view piece = text.substr(0, step);
        if (decoder.data_left() > 0) {
            const std::size_t count = std::min<std::uint64_t>(piece.size(), decoder.data_left());
            data += piece.substr(0, count);
            decoder.took(count);
            text.remove_prefix(count);
            continue;
        }
        const auto used = decoder.consume_framing(util::as_bytes(piece));
        if (!used) {
            CHECK(used.error().code == util::Code::InvalidInput);
            return "error";
        }
        text.remove_prefix(*used);
    }
    return decoder.is_done() ? data + "|" + std::string(text) : "cut";
}

std::string decoded(std::string_view text) {
    const std::string once = decoded(text, text.size() + 1);
    CHECK(decoded(text, 1) == once);
    CHECK(decoded(text, 3) == once);
    return once;
}

} // namespace

TEST_CASE("chunks are joined and the next request is left alone") {
    CHECK(decoded("3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\nGET") == "abcdefgh|GET");
    CHECK(decoded("0\r\n\r\n") == "|");
    CHECK(decoded("A\r\n0123456789\r\n0\r\n\r\n") == "0123456789|");
    CHECK(decoded("0003\r\nabc\r\n00\r\n\r\n") == "abc|");
}

TEST_CASE("extensions and trailers are skipped") {
    CHECK(decoded("3;a=\"b\"\r\nabc\r\n0;x\r\nTrailer: 1\r\nOther: 2\r\n\r\n") == "abc|");
    CHECK(decoded("3;" + std::string(20'000, 'x') + "\r\nabc\r\n0\r\n\r\n") == "error");
    CHECK(decoded("0\r\n" + std::string(20'000, 'x')) == "error");
}

TEST_CASE("sizes that are negative, huge or no numbers are errors") {
    for (const std::string_view text :
         {"-3\r\nabc",
          "+3\r\nabc",
          "0x3\r\nabc",
          "\r\nabc",
          "g\r\n",
          ";\r\n",
          "fffffffffffffffff\r\n",
          "1000000000000000\r\n",
          " 3\r\nabc"}) {
        INFO(text);
        CHECK(decoded(text) == "error");
    }
}

TEST_CASE("line ends are CR LF and nothing else") {
    for (const std::string_view text :
         {"3\nabc\r\n0\r\n\r\n",
          "3\r\nabc\n0\r\n\r\n",
          "3\r\nabcd\r\n0\r\n\r\n",
          "3\r\nabc\r\n0\r\n\n",
          "3\r\nabc\r\n0\n\r\n",
          "3;a\nb\r\nabc",
          "3\rabc",
          "0\r\nA: b\n\r\n"}) {
        INFO(text);
        CHECK(decoded(text) == "error");
    }
}

TEST_CASE("a body that stops early is not done") {
    CHECK(decoded("3\r\nab") == "cut");
    CHECK(decoded("3\r\nabc\r\n") == "cut");
    CHECK(decoded("3\r\nabc\r\n0\r\n") == "cut");
}

} // namespace railhub::tests
