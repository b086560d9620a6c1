// SPDX-License-Identifier: Apache-2.0
// Parameter counts from headers, true and false ones.
#include "core/origin/safetensors.h"
#include "core/util/bytes.h"
#include "tests/support/value.h"

#include <algorithm>

namespace railhub::origin {

namespace {

using util::Code;

util::Result<ParameterCount> count(const std::string& file) {
    return count_parameters(
        [&](std::uint64_t offset, std::span<std::uint8_t> into) -> util::Result<std::size_t> {
            if (offset >= file.size()) {
                return std::size_t{0};
            }
            return file.copy(reinterpret_cast<char*>(into.data()), into.size(), offset);
        },
        file.size()
    );
}

std::string file_of(std::string_view header, std::uint64_t length) {
    std::string file;
    for (int i = 0; i < 8; ++i) {
        file += static_cast<char>((length >> (8 * i)) & 0xFFU);
    }
    return file.append(header);
}

std::string file_of(std::string_view header) {
    return file_of(header, header.size());
}

} // namespace

TEST_CASE("parameters are counted by type") {
    const auto counted = tests::value(count(file_of(
        R"({"a":{"dtype":"F16","shape":[10,10]},"b":{"dtype":"F16","shape":[]},"c":{"dtype":"I64","shape":[0,5]}})"
    )));
    CHECK(counted.total == 101);
    CHECK(counted.by_type.at("F16") == 101);
    CHECK(counted.by_type.at("I64") == 0);
}

TEST_CASE("files that are none") {
    REQUIRE_ERROR(count(""), Code::InvalidInput);
    REQUIRE_ERROR(count("1234567"), Code::InvalidInput);
    REQUIRE_ERROR(count(file_of("{}", 3)), Code::InvalidInput);
    REQUIRE_ERROR(count(file_of("{}", ~std::uint64_t{0})), Code::InvalidInput);
    REQUIRE_ERROR(count(file_of("[]")), Code::InvalidInput);
    REQUIRE_ERROR(count(file_of(R"({"a":1})")), Code::InvalidInput);
    REQUIRE_ERROR(count(file_of(R"({"a":{"dtype":"F16","shape":[-1]}})")), Code::InvalidInput);
    REQUIRE_ERROR(
        count(file_of(R"({"a":{"dtype":"F16","shape":[4294967296,4294967296]}})")),
        Code::InvalidInput
    );
    REQUIRE_ERROR(
        count(file_of(
            R"({"a":{"dtype":"F","shape":[18446744073709551615]},"b":{"dtype":"F","shape":[1]}})"
        )),
        Code::InvalidInput
    );
}

namespace {

struct Peek {
    std::string file;
    std::uint64_t furthest = 0;

    util::Result<std::map<std::string, std::string>>
    run(std::uint64_t max_bytes = kMaxSafetensorsHeader) {
        return read_safetensors_texts(
            [this](std::uint64_t offset, std::span<std::uint8_t> into)
                -> util::Result<std::size_t> {
                if (offset >= file.size()) {
                    return std::size_t{0};
                }
                furthest = std::max(furthest, offset + into.size());
                return file.copy(reinterpret_cast<char*>(into.data()), into.size(), offset);
            },
            max_bytes
        );
    }
};

} // namespace

TEST_CASE("texts of the header, read no further than needed") {
    const std::string tensors(300'000, ' ');
    Peek first{file_of(R"({"__metadata__": {"license":"mit","a\"}":"{}"}, "t":1)" + tensors + "}")};
    const auto texts = tests::value(first.run());
    CHECK(texts.size() == 2);
    CHECK(texts.at("license") == "mit");
    CHECK(first.furthest <= 8 + (std::uint64_t{64} << 10));

    Peek last{file_of("{" + tensors + R"("t":{},"__metadata__":{"license":"mit","n":1}})")};
    CHECK(tests::value(last.run()).size() == 1);
    REQUIRE_ERROR(last.run(1'000), Code::TooLarge);
    CHECK(tests::value(Peek{file_of("{}")}.run()).empty());
}

TEST_CASE("headers that lie about their texts") {
    REQUIRE_ERROR(Peek{""}.run(), Code::InvalidInput);
    REQUIRE_ERROR(Peek{file_of("")}.run(), Code::InvalidInput);
    REQUIRE_ERROR(Peek{file_of("{}", 100)}.run(), Code::InvalidInput);
    REQUIRE_ERROR(Peek{file_of("{}", ~std::uint64_t{0})}.run(), Code::InvalidInput);
    REQUIRE_ERROR(Peek{file_of(R"({"__metadata__":5})")}.run(), Code::InvalidInput);
    REQUIRE_ERROR(Peek{file_of(R"({"__metadata__":{"a":1)")}.run(), Code::InvalidInput);
    CHECK(tests::value(Peek{file_of(R"({"__metadata__":{"a":{}}})")}.run()).empty());
}

} // namespace railhub::origin
