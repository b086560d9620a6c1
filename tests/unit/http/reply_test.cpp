// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/reply.
#include "server/http/reply.h"
#include "tests/support/catch.h"

#include <chrono>

namespace railhub::tests {

TEST_CASE("header values are one line of Latin-1") {
    CHECK(http::clean_header_value("plain") == "plain");
    CHECK(http::clean_header_value("a\r\nB: c") == "a  B: c");
    CHECK(http::clean_header_value(std::string("a\0b\x7f", 4)) == "a b ");
    CHECK(http::clean_header_value("caf\xC3\xA9 \xC2\xA7") == "caf\xE9 \xA7");
    CHECK(http::clean_header_value("\xE2\x82\xAC|\xF0\x9F\x9A\x82|") == "?|?|");
    // A C1 control character written as UTF-8, and stray bytes.
    CHECK(http::clean_header_value("\xC2\x85|\xFF|") == "?|?|");
}

TEST_CASE("dates are in the one form that HTTP wants") {
    using namespace std::chrono;
    CHECK(http::http_date(util::TimePoint(milliseconds(0))) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(
        http::http_date(util::TimePoint(milliseconds(1'790'932'530'999))) ==
        "Fri, 02 Oct 2026 09:15:30 GMT"
    );
}

TEST_CASE("an error answer is JSON and has its message in a header too") {
    const http::Response response = http::error_response(404, "Repository not found");
    CHECK(std::get<std::string>(response.body) == R"({"error":"Repository not found"})");
    CHECK(response.headers.front().second == "application/json; charset=utf-8");
}

} // namespace railhub::tests
