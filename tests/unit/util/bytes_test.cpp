// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/bytes.
#include "core/util/bytes.h"
#include "tests/support/catch.h"

namespace railhub::util {

TEST_CASE("hex reads back as it was written", "[util][bytes]") {
    const Bytes bytes = {0x00, 0x01, 0xAB, 0xFF};
    CHECK(to_hex(bytes) == "0001abff");
    CHECK(from_hex("0001ABff").value() == bytes);
    CHECK(from_hex("")->empty());
    for (const char* const text : {"0", "0g", "0 ", "zz"}) {
        INFO(text);
        REQUIRE_ERROR(from_hex(text), Code::InvalidInput);
    }
}

TEST_CASE("base64 matches the examples of RFC 4648", "[util][bytes]") {
    const std::pair<std::string, std::string> examples[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& example : examples) {
        CHECK(to_base64(as_bytes(example.first)) == example.second);
        CHECK(as_text(from_base64(example.second).value()) == example.first);
        const std::string bare = example.second.substr(0, example.second.find('='));
        CHECK(as_text(from_base64(bare).value()) == example.first);
    }
}

TEST_CASE("base64url has its own alphabet", "[util][bytes]") {
    const Bytes bytes = {0xFB, 0xEF, 0xFF};
    CHECK(to_base64(bytes) == "++//");
    CHECK(to_base64url(bytes) == "--__");
    REQUIRE_ERROR(from_base64("--__"), Code::InvalidInput);
}

TEST_CASE("base64 with stray or missing bits is refused", "[util][bytes]") {
    // In order: cut off, padding where none belongs, bits nobody uses, blanks, high bytes.
    for (const char* const text :
         {"Z",
          "Zm9vY",
          "Zg=",
          "Zg===",
          "=",
          "====",
          "Zh==",
          "Zm9=",
          "Zm9v\n",
          "Zm 9",
          "Zm9v=",
          "Zg==Zg==",
          "\xC3\xA4\xC3\xA4"}) {
        INFO(text);
        REQUIRE_ERROR(from_base64(text), Code::InvalidInput);
    }
}

TEST_CASE("every byte survives base64 at every length", "[util][bytes]") {
    Bytes bytes;
    for (int i = 0; i < 300; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i * 7));
        REQUIRE(from_base64(to_base64(bytes)).value() == bytes);
    }
}

} // namespace railhub::util
