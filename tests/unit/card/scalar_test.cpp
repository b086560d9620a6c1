// SPDX-License-Identifier: Apache-2.0
// Tests of core/card/scalar.
#include "core/card/scalar.h"
#include "tests/support/catch.h"

namespace railhub::card {

namespace {

std::string plain_scalar(const std::string& text) {
    return resolve_scalar("?", text)->dump();
}

} // namespace

TEST_CASE("plain scalars resolve as in the core schema") {
    struct Case {
        const char* text;
        const char* json;
    };

    constexpr Case kCases[] = {
        {"null", "null"},
        {"~", "null"},
        {"", "null"},
        {"true", "true"},
        {"False", "false"},
        {"no", "\"no\""},
        {"yes", "\"yes\""},
        {"on", "\"on\""},
        {"12", "12"},
        {"-3", "-3"},
        {"+7", "7"},
        {"0x1F", "31"},
        {"0o17", "15"},
        {"010", "10"},
        {"1e3", "1000.0"},
        {"1.5", "1.5"},
        {".5", "0.5"},
        {"5.", "5.0"},
        {"1.0.0", "\"1.0.0\""},
        {"1_000", "\"1_000\""},
        {"2024-01-02", "\"2024-01-02\""},
        {".nan", "null"},
        {"-.inf", "null"},
        {"-", "\"-\""},
        {".", "\".\""},
        {"e5", "\"e5\""},
        {"0x", "\"0x\""},
        {"1e", "\"1e\""},
        {"9223372036854775807", "9223372036854775807"},
        {"1e999", "\"1e999\""},
        {"+-1", "\"+-1\""},
    };
    for (const Case& c : kCases) {
        INFO(c.text);
        CHECK(plain_scalar(c.text) == c.json);
    }
}

TEST_CASE("quotes and tags") {
    CHECK(resolve_scalar("!", "12")->dump() == "\"12\"");
    CHECK(resolve_scalar("tag:yaml.org,2002:str", "12")->dump() == "\"12\"");
    CHECK(resolve_scalar("tag:yaml.org,2002:int", "12")->dump() == "12");
    CHECK_FALSE(resolve_scalar("tag:yaml.org,2002:binary", "aGk="));
    CHECK_FALSE(resolve_scalar("!own", "x"));
}

} // namespace railhub::card
