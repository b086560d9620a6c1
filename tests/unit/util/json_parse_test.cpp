// SPDX-License-Identifier: Apache-2.0
// Tests of parse_json: what is JSON, where a mistake stands, and what is too much.
#include "core/util/json.h"
#include "tests/support/catch.h"

#include <limits>

namespace railhub::util {

namespace {

std::string parse_message(std::string_view text) {
    const auto result = parse_json(text);
    REQUIRE_ERROR(result, Code::InvalidInput);
    return result.error().message;
}

std::string nested_arrays(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

TEST_CASE("values of every kind are read", "[util][json]") {
    const auto value = parse_json(
        " {\"n\":null,\"t\":true,\"f\":false,\"i\":-9223372036854775808,"
        "\"u\":18446744073709551615,\"d\":-1.5E+3,\"s\":\"x\",\"a\":[1,[],{}],\"o\":{\"\":0}}\r\n\t"
    );
    REQUIRE_OK(value);
    CHECK(value->find("n")->is_null());
    CHECK(value->flag("t"));
    CHECK_FALSE(value->flag("f", true));
    CHECK(value->find("i")->as_int() == std::numeric_limits<std::int64_t>::min());
    CHECK(value->number("u") == std::numeric_limits<std::uint64_t>::max());
    CHECK(value->find("d")->as_double() == -1500.0);
    CHECK(value->find("a")->as_array()->size() == 3);
    CHECK(value->find("o")->number("", 1) == 0);
    CHECK(parse_json("\"lonely\"")->as_string() != nullptr);
}

TEST_CASE(
    "integers past 64 bits become doubles, tiny ones zero, huge ones errors", "[util][json]"
) {
    CHECK(parse_json("18446744073709551616")->as_double() == 18446744073709551616.0);
    CHECK(parse_json("1e-400")->as_double() == 0.0);
    CHECK_THAT(parse_message("1e400"), ContainsSubstring("too large"));
}

TEST_CASE("escapes mean what RFC 8259 says", "[util][json]") {
    const auto value = parse_json(R"("\"\\\/\b\f\n\r\t\u00e4\u20ac\ud83d\ude00\u0000.")");
    REQUIRE_OK(value);
    const std::string expected("\"\\/\b\f\n\r\t\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\0.", 19);
    CHECK(*value->as_string() == expected);
}

TEST_CASE("what is not JSON is refused", "[util][json]") {
    using namespace std::string_literals;
    const std::string wrong[] = {
        "",
        " ",
        "nul",
        "truex",
        "[",
        "]",
        "{",
        "[1,]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1,}",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "'a'",
        "\"a",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\u0041\"",
        "\"\\ud83dx\"",
        "\"\xFF\"",
        "\"\xC3\"",
        "\"\xC0\x80\"",
        "\"\xED\xA0\x80\"",
        "{} {}",
        "1 x",
        "\xEF\xBB\xBF{}",
        "1\0"s,
        "// c\n1",
        "[1]]",
        "\"\\",
    };
    for (const std::string& text : wrong) {
        INFO(text);
        REQUIRE_ERROR(parse_json(text), Code::InvalidInput);
    }
}

TEST_CASE("a mistake is told with line and column", "[util][json]") {
    CHECK_THAT(parse_message("{\n  \"a\": nope\n}"), ContainsSubstring("line 2, column 8"));
    CHECK_THAT(parse_message("[\"\xC3\xA4\xC3\xA4\" x"), ContainsSubstring("line 1, column 7"));
    CHECK_THAT(parse_message(""), ContainsSubstring("text ends where a value is expected"));
}

TEST_CASE("a key that occurs twice is an error at every depth and size", "[util][json]") {
    CHECK_THAT(
        parse_message(R"([{"a":1,"b":2,"a":3}])"), ContainsSubstring("key 'a' occurs twice")
    );
    CHECK_THAT(parse_message(R"({"a":1,"\u0061":2})"), ContainsSubstring("key 'a'"));
    std::string many = "{";
    for (int i = 0; i < 1000; ++i) {
        many += "\"" + std::to_string(i) + "\":0,";
    }
    CHECK(parse_json(many + "\"x\":0}").ok());
    CHECK_THAT(parse_message(many + "\"500\":0}"), ContainsSubstring("'500'"));
}

TEST_CASE("limits are exact", "[util][json]") {
    const JsonLimits depth{.max_depth = 3};
    CHECK(parse_json(nested_arrays(3), depth).ok());
    REQUIRE_ERROR(parse_json(nested_arrays(4), depth), Code::TooLarge);
    REQUIRE_ERROR(parse_json(std::string(1'000'000, '[')), Code::TooLarge);
    REQUIRE_ERROR(parse_json(R"({"a":{"a":{"a":{}}}})", depth), Code::TooLarge);
    const JsonLimits values{.max_values = 4};
    CHECK(parse_json("[1,2,3]", values).ok());
    REQUIRE_ERROR(parse_json("[1,2,3,4]", values), Code::TooLarge);
    const JsonLimits bytes{.max_bytes = 4};
    CHECK(parse_json("1234", bytes).ok());
    REQUIRE_ERROR(parse_json("12345", bytes), Code::TooLarge);
}

TEST_CASE("long strings with and without escapes are read whole", "[util][json]") {
    for (std::size_t length = 0; length < 40; ++length) {
        const std::string plain(length, 'x');
        REQUIRE(*parse_json("\"" + plain + "\"")->as_string() == plain);
        REQUIRE(
            *parse_json("\"" + plain + "\\n" + plain + "\"")->as_string() == plain + "\n" + plain
        );
        REQUIRE(*parse_json("\"" + plain + "\xC3\xA4\"")->as_string() == plain + "\xC3\xA4");
        REQUIRE_ERROR(parse_json("\"" + plain + "\x01\""), Code::InvalidInput);
    }
}

} // namespace railhub::util
