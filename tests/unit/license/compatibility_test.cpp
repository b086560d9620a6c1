// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/compatibility and of the sources that ship.
#include "core/license/catalogue.h"
#include "core/license/compatibility.h"
#include "tests/support/catch.h"

namespace railhub::license {

TEST_CASE("pairs and rows of letters give answers, silence gives none") {
    const auto json =
        util::parse_json(R"({"format": "compatibility/1", "id": "x", "attribution": "us",
        "pairs": [{"inbound": "a", "outbound": "b", "fit": "no", "section": "b:6"}],
        "columns": ["a", "b", "c"],
        "rows": [{"outbound": "c", "inbound": "YNC"}, {"outbound": "a", "inbound": "..Y"}]})");
    REQUIRE_OK(json);
    const auto source = parse_compatibility(*json);
    REQUIRE_OK(source);
    CHECK(source->answer("a", "b")->fit == Fit::No);
    CHECK(source->answer("a", "b")->section == "b:6");
    CHECK(source->answer("a", "c")->fit == Fit::Yes);
    CHECK(source->answer("c", "c")->fit == Fit::Check);
    CHECK(source->answer("b", "a") == nullptr);
}

TEST_CASE("broken sources are refused") {
    for (const char* text :
         {R"({"format": "compatibility/2", "id": "x", "attribution": "us"})",
          R"({"format": "compatibility/1", "id": "x"})",
          R"({"format": "compatibility/1", "id": "x", "attribution": "us", "columns": ["a"],
              "rows": [{"outbound": "a", "inbound": "YY"}]})",
          R"({"format": "compatibility/1", "id": "x", "attribution": "us", "columns": ["a"],
              "rows": [{"outbound": "a", "inbound": "?"}]})",
          R"({"format": "compatibility/1", "id": "x", "attribution": "us",
              "pairs": [{"inbound": "a", "outbound": "b", "fit": "maybe"}]})"}) {
        const auto json = util::parse_json(text);
        REQUIRE_OK(json);
        INFO(text);
        REQUIRE_ERROR(parse_compatibility(*json), util::Code::InvalidInput);
    }
}

TEST_CASE("the sources that ship name licenses with records, and whose they are") {
    const auto catalogue = Catalogue::built_in();
    REQUIRE_OK(catalogue);
    CHECK(catalogue->compatibility_ids() == std::vector<std::string>{"known-pairs", "osadl"});
    for (const std::string& id : catalogue->compatibility_ids()) {
        const CompatibilitySource* source = catalogue->compatibility(id);
        REQUIRE(source != nullptr);
        CHECK_FALSE(source->terms.empty());
        for (const auto& [pair, answer] : source->pairs) {
            INFO(id << " " << pair.first << " " << pair.second);
            CHECK(catalogue->find(pair.first)->id == pair.first);
            CHECK(catalogue->find(pair.second)->id == pair.second);
        }
    }
    CHECK_THAT(catalogue->compatibility("osadl")->attribution, ContainsSubstring("CC-BY-4.0"));
}

} // namespace railhub::license
