// SPDX-License-Identifier: Apache-2.0
// Tests of server/http/router.
#include "core/util/text.h"
#include "server/http/router.h"
#include "tests/support/catch.h"

#include <string>

namespace railhub::tests {

using http::Method;
using http::Router;

namespace {

const Router& sample_router() {
    static const Router router({
        {Method::Get, "/"},
        {Method::Get, "/api/{kind}/{owner}/{name}"},
        {Method::Get, "/api/{kind}/{owner}/{name}/tree/{rest*}"},
        {Method::Get, "/api/models/{owner}/special"},
        {Method::Get, "/{owner}/{name}/resolve/{rev}/{path*}"},
        {Method::Get, "/{owner}/{name}.git/info/refs"},
        {Method::Post, "/{owner}/{name}.git/git-upload-pack"},
        {Method::Get, "/{owner}/{name}"},
        {Method::Delete, "/{owner}/{name}"},
        {Method::Head, "/{owner}/{name}"},
        {Method::Get, "/files/{path**}"},
        {Method::Get, "/api/compare/{base}..{head}"},
    });
    return router;
}

// "row name=value ...", "405" or "404".
std::string routed(Method method, std::string_view path) {
    http::Request request;
    request.method = method;
    path.remove_prefix(1);
    if (!path.empty()) {
        for (const auto part : util::split(path, '/')) {
            request.segments.emplace_back(part);
        }
    }
    const Router::Match match = sample_router().match(request);
    if (match.row < 0) {
        return match.path_known ? "405" : "404";
    }
    std::string text = std::to_string(match.row);
    for (const auto& [name, value] : request.params) {
        text += " " + name + "=" + value;
    }
    return text;
}

} // namespace

TEST_CASE("literals win over names, names over the rest") {
    CHECK(routed(Method::Get, "/") == "0");
    CHECK(routed(Method::Get, "/api/models/a/b") == "1 kind=models owner=a name=b");
    CHECK(routed(Method::Get, "/api/models/a/special") == "3 owner=a");
    CHECK(
        routed(Method::Get, "/api/models/a/b/tree/main/x/y") ==
        "2 kind=models owner=a name=b rest=main/x/y"
    );
    CHECK(routed(Method::Get, "/api/models/a/b/tree") == "404");
    CHECK(
        routed(Method::Get, "/a/b/resolve/main/d/f.txt") == "4 owner=a name=b rev=main path=d/f.txt"
    );
    CHECK(routed(Method::Get, "/files") == "10 path=");
    CHECK(routed(Method::Get, "/files/x") == "10 path=x");
}

TEST_CASE("a segment may mix text and names") {
    CHECK(routed(Method::Get, "/a/b.git/info/refs") == "5 owner=a name=b");
    CHECK(routed(Method::Get, "/a/b.git.git/info/refs") == "5 owner=a name=b.git");
    CHECK(routed(Method::Get, "/a/.git/info/refs") == "404");
    CHECK(routed(Method::Get, "/api/compare/a..b") == "11 base=a head=b");
    CHECK(routed(Method::Get, "/api/compare/..b") == "404");
}

TEST_CASE("methods: HEAD falls back to GET, its own row goes first, others are 405") {
    CHECK(routed(Method::Head, "/api/models/a/b") == "1 kind=models owner=a name=b");
    CHECK(routed(Method::Head, "/a/b") == "9 owner=a name=b");
    CHECK(routed(Method::Get, "/a/b") == "7 owner=a name=b");
    CHECK(routed(Method::Delete, "/a/b") == "8 owner=a name=b");
    CHECK(routed(Method::Post, "/a/b") == "405");
    CHECK(routed(Method::Get, "/a/b.git/git-upload-pack") == "405");
    CHECK(routed(Method::Get, "/nothing") == "404");
}

TEST_CASE("names do not match empty segments") {
    CHECK(routed(Method::Get, "//b") == "404");
    CHECK(routed(Method::Get, "/a//resolve/main/x") == "404");
}

} // namespace railhub::tests
