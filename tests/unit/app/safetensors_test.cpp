// SPDX-License-Identifier: Apache-2.0
// Parameter counts from headers, true and false ones.
#include "core/app/safetensors.h"
#include "core/util/bytes.h"
#include "tests/support/value.h"

namespace railhub::app {

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

} // namespace railhub::app
