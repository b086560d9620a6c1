// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/version.
#include "core/util/text.h"
#include "core/util/version.h"
#include "tests/support/catch.h"

namespace railhub::util {

TEST_CASE("the version is three numbers", "[util][version]") {
    const auto parts = split(kVersion, '.');
    REQUIRE(parts.size() == 3);
    for (const std::string_view part : parts) {
        CHECK(parse_decimal(part).has_value());
    }
}

} // namespace railhub::util
