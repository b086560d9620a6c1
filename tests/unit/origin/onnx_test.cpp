// SPDX-License-Identifier: Apache-2.0
// Tests of core/origin/onnx.
#include "core/origin/onnx.h"
#include "tests/support/value.h"

namespace railhub::origin {

namespace {

using util::Code;

util::Result<std::map<std::string, std::string>> texts_of(const std::string& file) {
    return read_onnx_texts(
        [&](std::uint64_t offset, std::span<std::uint8_t> into) -> util::Result<std::size_t> {
            if (offset >= file.size()) {
                return std::size_t{0};
            }
            return file.copy(reinterpret_cast<char*>(into.data()), into.size(), offset);
        },
        file.size()
    );
}

std::string varint(std::uint64_t value) {
    std::string out;
    for (; value > 127; value >>= 7U) {
        out += static_cast<char>((value & 127U) | 128U);
    }
    return out + static_cast<char>(value);
}

std::string field(std::uint64_t number, const std::string& bytes) {
    return varint(number << 3U | 2U) + varint(bytes.size()) + bytes;
}

std::string entry(const std::string& key, const std::string& value) {
    return field(14, field(1, key) + field(2, value));
}

} // namespace

TEST_CASE("texts beside the network of an ONNX file are read") {
    const std::string network(300'000, 'w');
    const auto texts = tests::value(texts_of(
        varint(1U << 3U) + varint(8) + field(2, "tool") + field(7, network) +
        entry("license", "mit") + entry("base_model", "a1/b1") + entry("", "nothing")
    ));
    CHECK(texts.size() == 2);
    CHECK(texts.at("license") == "mit");
    CHECK(texts.at("base_model") == "a1/b1");
    CHECK(tests::value(texts_of("")).empty());
    CHECK(tests::value(texts_of(entry("long", std::string(70'000, 'x')))).at("long").empty());
}

TEST_CASE("what is no ONNX file is an error") {
    for (const std::string& file :
         {std::string("\x72"),
          std::string("\x72\xff"),
          std::string("\x07"),
          std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
          field(14, std::string("\x0a\x7f")),
          std::string("\x00\x00", 2),
          varint(7U << 3U | 2U) + varint(~std::uint64_t{0})}) {
        REQUIRE_ERROR(texts_of(file), Code::InvalidInput);
    }
}

} // namespace railhub::origin
