// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/intake.
#include "core/util/text.h"
#include "server/http/intake.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace railhub::tests {

using http::Head;
using http::Request;
using http::Surroundings;

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

const Surroundings kPlain{"10.1.2.3", "http", "127.0.0.1:8080", "", "", false};

int filled(
    const std::string& target, const Lines& headers, const Surroundings& around, Request& request
) {
    Head head;
    head.target = target;
    for (const auto& [name, value] : headers) {
        head.headers.add(name, value);
    }
    const auto refusal = http::fill_request(head, around, request);
    return refusal ? refusal->status : 0;
}

std::string path_of(const std::string& target, std::string_view prefix = {}) {
    Surroundings around = kPlain;
    around.path_prefix = prefix;
    Request request;
    const int status = filled(target, {{"Host", "h"}}, around, request);
    return status != 0 ? std::to_string(status) : util::join(request.segments, "|");
}

} // namespace

TEST_CASE("segments are decoded once, after splitting") {
    CHECK(path_of("/a/b%2Fc/%2541") == "a|b/c|%41");
    CHECK(path_of("/") == "");
    CHECK(path_of("/a/") == "a");
    CHECK(path_of("/a//b") == "a||b");
    CHECK(path_of("/a+b") == "a+b");
    CHECK(path_of("/caf\xC3\xA9") == "caf\xC3\xA9");
    CHECK(path_of("/a/..%2F../b") == "a|../..|b");
    CHECK(path_of("/%zz") == "400");
    CHECK(path_of("/a%") == "400");
    CHECK(path_of("/a%00b") == "400");
    CHECK(path_of("a/b") == "400");
    CHECK(path_of("*") == "400");
}

TEST_CASE("targets in absolute form lose their origin, which replaces Host") {
    Request request;
    REQUIRE(filled("http://other:81/a?b", {{"Host", "h"}}, kPlain, request) == 0);
    CHECK(request.target == "/a?b");
    CHECK(request.base_url == "http://other:81");
    CHECK(path_of("http://other") == "");
    CHECK(path_of("ftp://other/") == "400");
}

TEST_CASE("the prefix of the hub is taken off once, if a proxy left it there") {
    CHECK(path_of("/hub/a/b", "/hub") == "a|b");
    CHECK(path_of("/hub", "/hub") == "");
    CHECK(path_of("/hub?x=1", "/hub") == "");
    CHECK(path_of("/a/b", "/hub") == "a|b");
    CHECK(path_of("/hubs/a", "/hub") == "hubs|a");
    CHECK(path_of("/hub/hub/a", "/hub") == "hub|a");
}

TEST_CASE("the base URL is what the client sees") {
    Surroundings around = kPlain;
    around.path_prefix = "/hub";
    Request request;
    REQUIRE(filled("/hub/a", {{"Host", "example.org:81"}}, around, request) == 0);
    CHECK(request.base_url == "http://example.org:81/hub");
    CHECK(request.target == "/a");
    around.external_url = "https://hub.example.org/x/";
    Request fixed;
    REQUIRE(filled("/a", {{"Host", "h"}}, around, fixed) == 0);
    CHECK(fixed.base_url == "https://hub.example.org/x");
    Request old;
    REQUIRE(filled("/a", {}, kPlain, old) == 0);
    CHECK(old.base_url == "http://127.0.0.1:8080");
    Request v6;
    REQUIRE(filled("/a", {{"Host", "[::1]:80"}}, kPlain, v6) == 0);
    CHECK(v6.base_url == "http://[::1]:80");
    Request evil;
    CHECK(filled("/a", {{"Host", "h/../x\"><"}}, kPlain, evil) == 400);
}

TEST_CASE("forwarded headers count only when the proxy is trusted") {
    const Lines headers = {
        {"Host", "inner:8080"},
        {"X-Forwarded-For", "6.6.6.6, 203.0.113.7"},
        {"X-Forwarded-Proto", "https"},
        {"X-Forwarded-Host", "hub.example.org"},
        {"X-Forwarded-Prefix", "/models/"},
    };
    Request plain;
    REQUIRE(filled("/a", headers, kPlain, plain) == 0);
    CHECK(plain.peer == "10.1.2.3");
    CHECK(plain.base_url == "http://inner:8080");
    Surroundings trusting = kPlain;
    trusting.trust_forwarded = true;
    Request request;
    REQUIRE(filled("/a", headers, trusting, request) == 0);
    CHECK(request.peer == "203.0.113.7");
    CHECK(request.base_url == "https://hub.example.org/models");
}

TEST_CASE("nonsense of a trusted proxy is ignored") {
    Surroundings trusting = kPlain;
    trusting.trust_forwarded = true;
    Request request;
    const Lines headers = {
        {"Host", "h"},
        {"X-Forwarded-For", "unknown"},
        {"X-Forwarded-Proto", "javascript"},
        {"X-Forwarded-Host", "a b"},
        {"X-Forwarded-Prefix", "//evil\"<"},
    };
    REQUIRE(filled("/a", headers, trusting, request) == 0);
    CHECK(request.peer == "10.1.2.3");
    CHECK(request.base_url == "http://h");
    Request v6;
    REQUIRE(
        filled("/a", {{"Host", "h"}, {"X-Forwarded-For", "[2001:db8::1]:4711"}}, trusting, v6) == 0
    );
    CHECK(v6.peer == "2001:db8::1");
}

TEST_CASE("queries are parsed with all their traps") {
    Request request;
    REQUIRE(
        filled(
            "/a?x=1&y=a=b&z&x%5B%5D=2&plus=a+b&flag=True&no=False", {{"Host", "h"}}, kPlain, request
        ) == 0
    );
    CHECK(request.query_values("x") == std::vector<std::string>{"1", "2"});
    CHECK(*request.query_value("y") == "a=b");
    CHECK(request.query_flag("z"));
    CHECK(request.query_flag("flag"));
    CHECK_FALSE(request.query_flag("no"));
    CHECK_FALSE(request.query_flag("absent"));
    CHECK(*request.query_value("plus") == "a b");
    std::string many = "/a?";
    for (int i = 0; i < 10'001; ++i) {
        many += "a&";
    }
    Request endless;
    CHECK(filled(many, {{"Host", "h"}}, kPlain, endless) == 414);
}

TEST_CASE("the media type is read without parameters") {
    Request request;
    request.headers.add("Content-Type", " Application/X-NDJSON ; charset=utf-8");
    CHECK(request.content_type() == "application/x-ndjson");
}

} // namespace railhub::tests
