// SPDX-License-Identifier: Apache-2.0
// Tests of core/license/record_parse.
#include "core/license/record_parse.h"
#include "tests/support/catch.h"

namespace railhub::license {

namespace {

util::Json minimal() {
    auto json =
        util::parse_json(R"({"format":"license-record/1","id":"x","name":"X","family":"permissive",
        "keys":{},"applies_to":["model"],"reading":"full-text","permissions":[],"obligations":[],"limits":[]})"
        );
    REQUIRE_OK(json);
    return std::move(json).value();
}

std::string error_of(const util::Json& json) {
    auto record = parse_record(json);
    REQUIRE_FALSE(record.ok());
    return record.error().message + " | " + record.error().hint;
}

} // namespace

TEST_CASE("a minimal record is enough") {
    auto record = parse_record(minimal());
    REQUIRE_OK(record);
    CHECK(record->id == "x");
    CHECK(record->grant("use") == Grant::Silent);
    CHECK(record->flow_down() == FlowDown::None);
}

TEST_CASE("a slip of the pen is an error, not a dropped term") {
    util::Json json = minimal();
    json.set("obligation", util::Json::array());
    CHECK_THAT(error_of(json), ContainsSubstring("unknown member 'obligation'"));
    CHECK_THAT(error_of(json), ContainsSubstring("did you mean 'obligations'?"));

    json = minimal();
    json.set("reading", "fulltext");
    CHECK_THAT(error_of(json), ContainsSubstring("'reading' has the unknown value 'fulltext'"));

    json = minimal();
    json.erase("limits");
    CHECK_THAT(error_of(json), ContainsSubstring("'limits' is missing"));

    json = minimal();
    json.set("modality", "smell");
    CHECK_THAT(error_of(json), ContainsSubstring("'modality' is 'smell'"));

    json = minimal();
    json.set("format", "license-record/2");
    CHECK_THAT(error_of(json), ContainsSubstring("'format' is 'license-record/2'"));

    json = minimal();
    json.find("obligations")
        ->push_back(
            util::Json::object({{"term", "flow-down-use-restrictions"}, {"detail", "sometimes"}})
        );
    CHECK_THAT(error_of(json), ContainsSubstring("unknown detail 'sometimes'"));

    json = minimal();
    json.find("permissions")->push_back(util::Json::object({{"term", "use"}, {"value", "maybe"}}));
    CHECK_THAT(error_of(json), ContainsSubstring("'use' has the unknown value 'maybe'"));
}

TEST_CASE("what is not an object is refused") {
    for (const char* text :
         {"null", "[]", "1", "\"x\"", R"({"format":"license-record/1","id":1})"}) {
        auto json = util::parse_json(text);
        REQUIRE_OK(json);
        CHECK_FALSE(parse_record(*json).ok());
    }
}

} // namespace railhub::license
