// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/text.
#include "core/util/text.h"
#include "tests/support/catch.h"

namespace railhub::util {

TEST_CASE("split keeps empty parts", "[util][text]") {
    CHECK(split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(split("a,", ',') == std::vector<std::string_view>{"a", ""});
}

TEST_CASE("trim takes blanks off both ends", "[util][text]") {
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim(" \n").empty());
}

TEST_CASE("case folding is ASCII only", "[util][text]") {
    CHECK(lower("AbC-\xC3\x84") == "abc-\xC3\x84");
    CHECK(equal_ignore_case("Range", "rANGE"));
    CHECK_FALSE(equal_ignore_case("Range", "Ranges"));
}

TEST_CASE("join puts the separator between", "[util][text]") {
    CHECK(join({}, ", ").empty());
    CHECK(join({"a", "b"}, ", ") == "a, b");
}

TEST_CASE("UTF-8 validity follows RFC 3629", "[util][text]") {
    const char* const good[] = {
        "",
        "plain ascii of some length",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
        "mixed \xF0\x9F\x98\x80 text \xC3\xA4"};
    for (const char* const text : good) {
        INFO(text);
        CHECK(is_valid_utf8(text));
        CHECK(is_valid_utf8_prefix(text));
    }
    const char* const bad[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "12345678\xC3(",
        "\xE2\x28\xA1"};
    for (const char* const text : bad) {
        INFO(text);
        CHECK_FALSE(is_valid_utf8(text));
        CHECK_FALSE(is_valid_utf8_prefix(text));
    }
}

TEST_CASE("a sequence cut off at the end is a valid prefix, not valid text", "[util][text]") {
    for (const char* const text : {"a\xC3", "a\xE2\x82", "a\xF0\x9F\x98"}) {
        CHECK_FALSE(is_valid_utf8(text));
        CHECK(is_valid_utf8_prefix(text));
    }
}

TEST_CASE("decimal numbers are digits and nothing else", "[util][text]") {
    CHECK(parse_decimal("0") == 0U);
    CHECK(parse_decimal("18446744073709551615") == 18446744073709551615U);
    for (const char* const text :
         {"", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "1.0"}) {
        INFO(text);
        CHECK_FALSE(parse_decimal(text).has_value());
    }
}

TEST_CASE("edit distance counts insertions, deletions and replacements", "[util][text]") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("nearest finds a slip and leaves the rest alone", "[util][text]") {
    const std::vector<std::string> names = {"listen", "max-body", "data"};
    CHECK(nearest("lisen", names) == "listen");
    CHECK(nearest("DATA", names) == "data");
    CHECK(nearest("quantum", names).empty());
    CHECK(nearest(std::string(10'000, 'x'), names).empty());
}

TEST_CASE("sizes for people have one decimal and never 1000 of a unit", "[util][text]") {
    CHECK(human_bytes(0) == "0 B");
    CHECK(human_bytes(999) == "999 B");
    CHECK(human_bytes(1000) == "1.0 kB");
    CHECK(human_bytes(1'234'567'890) == "1.2 GB");
    CHECK(human_bytes(999'960) == "1.0 MB");
    CHECK(human_bytes(~std::uint64_t{0}) == "18.4 EB");
}

TEST_CASE("globs match as fnmatch does", "[util][text]") {
    CHECK(glob_match("*.bin", "a/b/c.bin"));
    CHECK(glob_match("model-?.bin", "model-1.bin"));
    CHECK(glob_match("?", "\xC3\xA4"));
    CHECK(glob_match("[a-c]x", "bx"));
    CHECK(glob_match("[!a-c]x", "dx"));
    CHECK(glob_match("[]]", "]"));
    CHECK(glob_match("[\xC3\xA0-\xC3\xBF]", "\xC3\xA4"));
    CHECK(glob_match("a[b", "a[b"));
    CHECK(glob_match("", ""));
    CHECK(glob_match("**", ""));
    CHECK_FALSE(glob_match("", "a"));
    CHECK_FALSE(glob_match("*.bin", "a.bin.txt"));
    CHECK_FALSE(glob_match("[a-c]x", "dx"));
    CHECK_FALSE(glob_match("a?", "a"));
}

TEST_CASE("a glob that ends in a slash means all below the folder", "[util][text]") {
    CHECK(glob_match("logs/", "logs/a/b.txt"));
    CHECK_FALSE(glob_match("logs/", "logs.txt"));
}

TEST_CASE("a hostile glob costs pattern times text, not more", "[util][text]") {
    std::string pattern;
    for (int i = 0; i < 50; ++i) {
        pattern += "a*";
    }
    CHECK_FALSE(glob_match(pattern + "b", std::string(5'000, 'a')));
}

} // namespace railhub::util
