// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/json: the value and its printing.
#include "core/util/json.h"
#include "core/util/text.h"
#include "tests/support/catch.h"

#include <cmath>
#include <limits>

namespace railhub::util {

TEST_CASE("reads of a missing or other member give the fallback", "[util][json]") {
    const Json value = Json::object({{"text", "x"}, {"count", 3}, {"on", true}, {"minus", -1}});
    CHECK(value.text("text") == "x");
    CHECK(value.text("count", "none") == "none");
    CHECK(value.text("absent").empty());
    CHECK(value.number("count") == 3);
    CHECK(value.number("minus", 7) == 7);
    CHECK(value.number("text", 7) == 7);
    CHECK(value.flag("on"));
    CHECK(value.flag("count", true));
    CHECK(Json("x").find("y") == nullptr);
    CHECK(Json().as_string() == nullptr);
}

TEST_CASE("numbers convert where they fit", "[util][json]") {
    const auto largest = std::numeric_limits<std::uint64_t>::max();
    CHECK(Json(largest).as_uint() == largest);
    CHECK_FALSE(Json(largest).as_int().has_value());
    CHECK(Json(5U).as_int() == 5);
    CHECK(Json(5).as_uint() == 5U);
    CHECK_FALSE(Json(-5).as_uint().has_value());
    CHECK_FALSE(Json(5.0).as_int().has_value());
    CHECK(Json(5).as_double() == 5.0);
    CHECK_FALSE(Json("5").as_double().has_value());
}

TEST_CASE("set replaces in place and keeps the order", "[util][json]") {
    Json value;
    value.set("b", 1);
    value.set("a", 2);
    value.set("b", nullptr).set("inner", true);
    CHECK(value.dump() == R"({"b":{"inner":true},"a":2})");
    value.erase("b");
    value.erase("absent");
    CHECK(value.dump() == R"({"a":2})");
    Json list;
    list.push_back("x");
    list.push_back(Json());
    CHECK(list.dump() == R"(["x",null])");
}

TEST_CASE("equality ignores member order and the sign of integer types", "[util][json]") {
    CHECK(Json::object({{"a", 1}, {"b", 2U}}) == Json::object({{"b", 2}, {"a", 1U}}));
    CHECK_FALSE(Json::object({{"a", 1}}) == Json::object({{"a", 1}, {"b", 2}}));
    CHECK_FALSE(Json::object({{"a", 1}}) == Json::object({{"b", 1}}));
    CHECK_FALSE(Json(1) == Json(1.0));
    CHECK_FALSE(Json(1) == Json("1"));
    CHECK_FALSE(Json(-1) == Json(std::numeric_limits<std::uint64_t>::max()));
    CHECK_FALSE(Json(0) == Json());
    CHECK_FALSE(Json() == Json(0));
    CHECK(Json::array() == Json(JsonArray{}));
}

TEST_CASE("strings are printed as valid JSON whatever they hold", "[util][json]") {
    CHECK(
        Json("a\"b\\c\n\t\r\b\f\x01\x1F/\x7F").dump() ==
        "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f/\x7F\""
    );
    CHECK(Json("\xC3\xA4\xF0\x9F\x98\x80").dump() == "\"\xC3\xA4\xF0\x9F\x98\x80\"");
    CHECK(Json(std::string("\0", 1)).dump() == "\"\\u0000\"");
    const std::string mended = Json("a\xFF"
                                    "b\xC3(\xE2\x82")
                                   .dump();
    CHECK(
        mended == "\"a\xEF\xBF\xBD"
                  "b\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\""
    );
    CHECK(is_valid_utf8(mended));
}

TEST_CASE("numbers are printed as short as they read back", "[util][json]") {
    CHECK(Json(0.1).dump() == "0.1");
    CHECK(Json(1.0).dump() == "1.0");
    CHECK(Json(-0.0).dump() == "-0.0");
    CHECK(Json(1e22).dump() == "1e+22");
    CHECK(Json(5e-324).dump() == "5e-324");
    CHECK(Json(std::nan("")).dump() == "null");
    CHECK(Json(std::numeric_limits<double>::infinity()).dump() == "null");
    CHECK(Json(std::numeric_limits<std::int64_t>::min()).dump() == "-9223372036854775808");
    CHECK(Json(std::numeric_limits<std::uint64_t>::max()).dump() == "18446744073709551615");
}

TEST_CASE("three ways to print", "[util][json]") {
    const Json value = Json::object({
        {"b", Json::array_of(std::vector<int>{1, 2})},
        {"a", Json::object({{"y", nullptr}, {"x", false}})},
        {"empty", Json::array()},
        {"none", Json::object()},
    });
    CHECK(value.dump() == R"({"b":[1,2],"a":{"y":null,"x":false},"empty":[],"none":{}})");
    CHECK(value.dump_canonical() == R"({"a":{"x":false,"y":null},"b":[1,2],"empty":[],"none":{}})");
    CHECK(
        value.dump_pretty() == "{\n"
                               "  \"b\": [\n    1,\n    2\n  ],\n"
                               "  \"a\": {\n    \"y\": null,\n    \"x\": false\n  },\n"
                               "  \"empty\": [],\n"
                               "  \"none\": {}\n"
                               "}\n"
    );
}

} // namespace railhub::util
