// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/range.
#include "server/http/range.h"
#include "tests/support/catch.h"

#include <string>

namespace railhub::tests {

using http::choose_range;
using http::RangeChoice;

namespace {

// "whole", "416", or "offset+length".
std::string chosen(std::string_view header, std::uint64_t size = 100) {
    const RangeChoice choice = choose_range(header, size);
    if (choice.kind == RangeChoice::Kind::Whole) {
        CHECK(choice.length == size);
        return "whole";
    }
    if (choice.kind == RangeChoice::Kind::Unsatisfiable) {
        return "416";
    }
    return std::to_string(choice.offset) + "+" + std::to_string(choice.length);
}

} // namespace

TEST_CASE("a single range is cut to the size of the body") {
    CHECK(chosen("bytes=0-0") == "0+1");
    CHECK(chosen("bytes=10-19") == "10+10");
    CHECK(chosen("bytes=10-") == "10+90");
    CHECK(chosen("bytes=99-99") == "99+1");
    CHECK(chosen("bytes=90-1000") == "90+10");
    CHECK(chosen("bytes=0-18446744073709551615") == "0+100");
    CHECK(chosen("Bytes=0-1") == "0+2");
    CHECK(chosen(" bytes= 0-1 ") == "0+2");
}

TEST_CASE("a suffix counts from the end") {
    CHECK(chosen("bytes=-1") == "99+1");
    CHECK(chosen("bytes=-100") == "0+100");
    CHECK(chosen("bytes=-1000") == "0+100");
    CHECK(chosen("bytes=-0") == "416");
    CHECK(chosen("bytes=-5", 0) == "416");
}

TEST_CASE("past the end there is nothing") {
    CHECK(chosen("bytes=100-") == "416");
    CHECK(chosen("bytes=100-200") == "416");
    CHECK(chosen("bytes=0-0", 0) == "416");
    CHECK(chosen("bytes=18446744073709551615-") == "416");
}

TEST_CASE("malformed, foreign and multiple ranges are ignored") {
    for (const std::string_view header :
         {"",
          "bytes",
          "bytes=",
          "bytes=-",
          "bytes=a-b",
          "bytes=1-2-3",
          "bytes=2-1",
          "bytes=+1-2",
          "bytes=1 - 2",
          "lines=0-1",
          "bytes=0-1,3-4",
          "bytes=0-,-1",
          "bytes=99999999999999999999-",
          "bytes=0x0-1",
          "bytes==0-1"}) {
        INFO(header);
        CHECK(chosen(header) == "whole");
    }
}

TEST_CASE("If-Range lets a range count only for the same version") {
    CHECK(http::range_still_valid("", "\"a\"", ""));
    CHECK(http::range_still_valid("\"a\"", "\"a\"", ""));
    CHECK_FALSE(http::range_still_valid("\"b\"", "\"a\"", ""));
    CHECK_FALSE(http::range_still_valid("W/\"a\"", "W/\"a\"", ""));
    CHECK(http::range_still_valid(
        "Fri, 02 Oct 2026 09:15:30 GMT", "", "Fri, 02 Oct 2026 09:15:30 GMT"
    ));
    CHECK_FALSE(http::range_still_valid("Fri, 02 Oct 2026 09:15:30 GMT", "", ""));
}

TEST_CASE("If-None-Match is a list, compared weakly") {
    CHECK(http::etag_in_list("\"a\"", "\"a\""));
    CHECK(http::etag_in_list("\"x\", W/\"a\"", "\"a\""));
    CHECK(http::etag_in_list("*", "\"a\""));
    CHECK(http::etag_in_list("a", "a"));
    CHECK_FALSE(http::etag_in_list("\"b\"", "\"a\""));
    CHECK_FALSE(http::etag_in_list("", "\"a\""));
    CHECK_FALSE(http::etag_in_list("\"\"", ""));
}

} // namespace railhub::tests
