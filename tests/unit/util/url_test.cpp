// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/url.
#include "core/util/url.h"
#include "tests/support/catch.h"

namespace railhub::util {

TEST_CASE("a URL comes apart into its pieces", "[util][url]") {
    const auto url = Url::parse("HTTPS://user:pw@Hub.Example:8443/a/b%20c?x=1&y#frag");
    REQUIRE_OK(url);
    CHECK(url->scheme == "https");
    CHECK(url->user_info == "user:pw");
    CHECK(url->host == "hub.example");
    CHECK(url->port == 8443);
    CHECK(url->path == "/a/b%20c");
    CHECK(url->query == "x=1&y");
    CHECK(url->print() == "https://user:pw@hub.example:8443/a/b%20c?x=1&y");
    CHECK(url->origin() == "https://hub.example:8443");
    CHECK(url->redacted() == "https://hub.example:8443/a/b%20c?x=***&y");
}

TEST_CASE("short URLs and IPv6 hosts are read", "[util][url]") {
    CHECK(Url::parse("http://h")->path.empty());
    CHECK(Url::parse("http://h:/x")->port == 0);
    CHECK(Url::parse("http://h?q")->query == "q");
    const auto url = Url::parse("http://[2001:db8::1]:80/");
    REQUIRE_OK(url);
    CHECK(url->host == "2001:db8::1");
    CHECK(url->print() == "http://[2001:db8::1]:80/");
}

TEST_CASE("what is no URL of ours is refused", "[util][url]") {
    for (const char* const text :
         {"",
          "hub.example",
          "ftp://h/",
          "http:/h",
          "http://",
          "http:///x",
          "http://:80/",
          "http://h:0/",
          "http://h:65536/",
          "http://h:x/",
          "http://h:1:2/",
          "http://[::1",
          "http://[]/",
          "http://[a]/",
          "http://[1.2.3.4]/",
          "http://[::1]x/",
          "http://h/a b",
          "http://h/\r\nX: y",
          "http://h\x7F/",
          "http://a@b@/",
          "http://h\\x/",
          "http://%41/"}) {
        INFO(text);
        REQUIRE_ERROR(Url::parse(text), Code::InvalidInput);
    }
}

TEST_CASE("redaction hides user and query values", "[util][url]") {
    const std::string text =
        Url::parse("https://u:secret@s3.example/b?X-Amz-Signature=secret&t=se=cret")->redacted();
    CHECK(text == "https://s3.example/b?X-Amz-Signature=***&t=***");
}

TEST_CASE("percent encoding keeps what is unreserved", "[util][url]") {
    CHECK(percent_encode("Az09-._~") == "Az09-._~");
    CHECK(percent_encode("a/b c+\xC3\xA4") == "a%2Fb%20c%2B%C3%A4");
    CHECK(percent_encode("a/b?", "/") == "a/b%3F");
}

TEST_CASE("percent decoding is strict and leaves plus alone", "[util][url]") {
    CHECK(percent_decode("a%2fb+%00").value() == std::string("a/b+\0", 5));
    for (const char* const text : {"%", "a%2", "%zz", "%+1", "%-1", "% 1"}) {
        INFO(text);
        REQUIRE_ERROR(percent_decode(text), Code::InvalidInput);
    }
}

TEST_CASE("queries split at the first equals sign", "[util][url]") {
    const QueryPairs expected = {
        {"a", "b=c"},
        {"sig", "x+y/z="},
        {"blank", "a b"},
        {"flag", ""},
        {"", "v"},
        {"bad", "%zz%"}};
    CHECK(parse_query("a=b=c&sig=x%2By%2Fz%3D&blank=a+b&&flag&=v&bad=%zz%").value() == expected);
    CHECK(parse_query("")->empty());
}

TEST_CASE("a query has a limit of pairs", "[util][url]") {
    CHECK(parse_query("a&b&c", 3)->size() == 3);
    REQUIRE_ERROR(parse_query("a&b&c&d", 3), Code::TooLarge);
}

} // namespace railhub::util
