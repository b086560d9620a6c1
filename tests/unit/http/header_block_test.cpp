// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/header_block.
#include "server/http/header_block.h"
#include "tests/support/catch.h"

#include <string>

namespace railhub::tests {

using http::Head;

namespace {

// The status of the refusal, or 0.
int verdict(std::string_view bytes, Head& head, const http::HeadLimits& limits = {}) {
    const auto refusal = http::parse_head(bytes, limits, head);
    return refusal ? refusal->status : 0;
}

int verdict(std::string_view bytes) {
    Head head;
    return verdict(bytes, head);
}

int verdict_on_header(const std::string& lines) {
    return verdict("POST / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n\r\n");
}

} // namespace

TEST_CASE("an ordinary head is read") {
    Head head;
    REQUIRE(
        verdict(
            "PUT /a?b=%20 HTTP/1.1\r\nHost: h\r\nX-A:  1 % 2\t \r\nx-a: 2\r\nContent-Length: "
            "7\r\n\r\n",
            head
        ) == 0
    );
    CHECK(head.method == http::Method::Put);
    CHECK(head.target == "/a?b=%20");
    CHECK(head.headers.text("X-A") == "1 % 2");
    CHECK(head.headers.all().size() == 4);
    CHECK(head.content_length == 7);
    CHECK(head.keep_alive);
    CHECK_FALSE(head.is_chunked);
}

TEST_CASE("header values are taken as they are: nothing is percent-decoded") {
    Head head;
    REQUIRE(verdict("GET / HTTP/1.1\r\nHost: h\r\nX: a%0d%0aY: b\r\n\r\n", head) == 0);
    CHECK(head.headers.text("x") == "a%0d%0aY: b");
}

TEST_CASE("framing is read strictly") {
    CHECK(verdict_on_header("Content-Length: 0") == 0);
    CHECK(verdict_on_header("Content-Length: 1\r\nContent-Length: 1") == 400);
    CHECK(verdict_on_header("Content-Length: 1\r\nContent-Length: 2") == 400);
    for (const std::string value :
         {"-1", "+1", "1,1", "0x1", "", " ", "1 1", "99999999999999999999999"}) {
        INFO(value);
        CHECK(verdict_on_header("Content-Length: " + value) == 400);
    }
    CHECK(verdict_on_header("Transfer-Encoding: Chunked") == 0);
    CHECK(verdict_on_header("Transfer-Encoding: chunked\r\nContent-Length: 1") == 400);
    CHECK(verdict_on_header("Content-Length: 1\r\nTransfer-Encoding: chunked") == 400);
    CHECK(verdict_on_header("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked") == 400);
    for (const std::string value :
         {"gzip, chunked", "xchunked", "chunked, identity", "", "identity"}) {
        INFO(value);
        CHECK(verdict_on_header("Transfer-Encoding: " + value) == 501);
    }
    CHECK(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("lines have one form") {
    CHECK(verdict_on_header("X: a\r\n b") == 400);
    CHECK(verdict_on_header("X : a") == 400);
    CHECK(verdict_on_header(" X: a") == 400);
    CHECK(verdict_on_header(": a") == 400);
    CHECK(verdict_on_header("no colon") == 400);
    CHECK(verdict_on_header("X\xC3: a") == 400);
    CHECK(verdict_on_header("X: a\nY: b") == 400);
    CHECK(verdict_on_header("X: a\rY: b") == 400);
    CHECK(verdict_on_header(std::string("X: a\0b", 6)) == 400);
    CHECK(verdict_on_header("X: a\x7f") == 400);
    CHECK(verdict_on_header("X: caf\xC3\xA9\ttab") == 0);
    CHECK(verdict_on_header("Content-Length\t: 1") == 400);
}

TEST_CASE("request lines have one form") {
    const auto line = [](const std::string& text) { return verdict(text + "\r\nHost: h\r\n\r\n"); };
    CHECK(line("GET / HTTP/1.1") == 0);
    CHECK(line("GET  / HTTP/1.1") == 400);
    CHECK(line("GET /a b HTTP/1.1") == 400);
    CHECK(line("GET /\t HTTP/1.1") == 400);
    CHECK(line("GET /") == 400);
    CHECK(line("GET") == 400);
    CHECK(line(" GET / HTTP/1.1") == 400);
    CHECK(line("GET / HTTP/2.0") == 505);
    CHECK(line("GET / http/1.1") == 400);
    CHECK(line("BREW / HTTP/1.1") == 501);
    CHECK(line("get / HTTP/1.1") == 501);
    CHECK(line("G(T / HTTP/1.1") == 400);
    CHECK(verdict("PRI * HTTP/2.0\r\n\r\n") == 505);
    CHECK(verdict("\r\n") == 400);
    CHECK(verdict("GET / HTTP/1.1\n\n") == 400);
}

TEST_CASE("Host and expectations") {
    CHECK(verdict("GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(verdict("GET / HTTP/1.0\r\n\r\n") == 0);
    CHECK(verdict_on_header("Host: other") == 400);
    CHECK(verdict_on_header("Expect: 200-ok") == 417);
    Head head;
    REQUIRE(verdict("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n\r\n", head) == 0);
    CHECK(head.expects_continue);
    Head old;
    REQUIRE(verdict("PUT / HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", old) == 0);
    CHECK_FALSE(old.expects_continue);
}

TEST_CASE("keep-alive follows version and Connection") {
    const auto stays = [](const std::string& version, const std::string& connection) {
        Head head;
        REQUIRE(
            verdict(
                "GET / " + version + "\r\nHost: h\r\nConnection: " + connection + "\r\n\r\n", head
            ) == 0
        );
        return head.keep_alive;
    };
    CHECK(stays("HTTP/1.1", "x"));
    CHECK_FALSE(stays("HTTP/1.1", "upgrade, CLOSE"));
    CHECK_FALSE(stays("HTTP/1.0", "x"));
    CHECK(stays("HTTP/1.0", "Keep-Alive"));
}

TEST_CASE("heads have a size and a number of lines") {
    std::string lines;
    for (int i = 0; i < 99; ++i) {
        lines += "X: y\r\n";
    }
    CHECK(verdict_on_header(lines + "X: y") == 431);
    CHECK(verdict("GET / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n") == 0);
    Head head;
    const std::string long_value(1000, 'a');
    CHECK(
        verdict("GET / HTTP/1.1\r\nHost: h\r\nX: " + long_value + "\r\n\r\n", head, {1000, 100}) ==
        431
    );
}

TEST_CASE("the end of a head is found wherever the packets were cut") {
    const std::string text = "GET / HTTP/1.1\r\nHost: h\r\n\r\nrest";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        std::size_t scanned = 0;
        auto end = http::find_head_end(std::string_view(text).substr(0, cut), scanned);
        if (!end) {
            CHECK(scanned <= cut);
            end = http::find_head_end(text, scanned);
        }
        REQUIRE(end);
        CHECK(*end == text.size() - 4);
    }
    std::size_t scanned = 0;
    CHECK(http::find_head_end("GET / HTTP/1.1\n\nrest", scanned) == 16);
}

} // namespace railhub::tests
