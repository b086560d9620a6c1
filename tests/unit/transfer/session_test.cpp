// SPDX-License-Identifier: Apache-2.0
// Tests of core/transfer/session.
#include "core/transfer/session.h"
#include "tests/support/catch.h"
#include "tests/unit/transfer/local_hub.h"

namespace railhub::tests {

using transfer::HttpMethod;
using transfer::HttpRequest;
using transfer::Repeat;

namespace {

http::Response redirect(int status, const std::string& to) {
    http::Response response = http::Response::empty(status);
    response.header("Location", to);
    return response;
}

http::Response show_authorization(http::Request& request) {
    return http::Response::text(200, "auth:" + std::string(request.headers.text("authorization")));
}

} // namespace

TEST_CASE("session sends its token to the hub", "[transfer]") {
    LocalServer server(show_authorization);
    Client client(server.url(), "hf_secret");
    const auto response = client.session.send(client.ctx, {.url = client.session.url("/x")});
    REQUIRE_OK(response);
    CHECK(response->body == "auth:Bearer hf_secret");
}

TEST_CASE("session keeps credentials from other origins", "[transfer]") {
    LocalServer elsewhere(show_authorization);
    LocalServer server([&](http::Request&) {
        return redirect(302, elsewhere.url() + "/bytes?sig=1");
    });
    Client client(server.url(), "hf_secret");
    HttpRequest request{.url = client.session.url("/x")};
    const auto response = client.session.send(client.ctx, request);
    REQUIRE_OK(response);
    CHECK(response->body == "auth:");
    request.headers.emplace_back("Authorization", "Basic own");
    const auto own = client.session.send(client.ctx, request);
    REQUIRE_OK(own);
    CHECK(own->body == "auth:");
    const auto direct = client.session.send(client.ctx, {.url = elsewhere.url() + "/y"});
    REQUIRE_OK(direct);
    CHECK(direct->body == "auth:");
}

TEST_CASE("session follows relative redirects and keeps method and body", "[transfer]") {
    LocalServer server([](http::Request& request) {
        if (request.path == "/old") {
            return redirect(307, "/new?x=1");
        }
        auto body = util::read_all(*request.body, 1000);
        return http::Response::text(
            200,
            std::string(http::method_word(request.method)) + " " + request.target + " " +
                (body.ok() ? *body : "")
        );
    });
    Client client(server.url());
    HttpRequest request{.method = HttpMethod::Post, .url = client.session.url("/old")};
    request.body = transfer::text_body("kept");
    const auto response = client.session.send(client.ctx, request);
    REQUIRE_OK(response);
    CHECK(response->body == "POST /new?x=1 kept");
    CHECK(response->url == server.url() + "/new?x=1");
}

TEST_CASE("session turns 303 into GET", "[transfer]") {
    LocalServer server([](http::Request& request) {
        return request.path == "/old"
                   ? redirect(303, "/new")
                   : http::Response::text(200, std::string(http::method_word(request.method)));
    });
    Client client(server.url());
    HttpRequest request{.method = HttpMethod::Post, .url = client.session.url("/old")};
    request.body = transfer::text_body("dropped");
    const auto response = client.session.send(client.ctx, request);
    REQUIRE_OK(response);
    CHECK(response->body == "GET");
}

TEST_CASE("session gives up on redirects in a circle", "[transfer]") {
    LocalServer server([](http::Request&) { return redirect(302, "/again"); });
    Client client(server.url());
    REQUIRE_ERROR(
        client.session.send(client.ctx, {.url = client.session.url("/")}), util::Code::Unavailable
    );
}

TEST_CASE("session stays on the hub when asked to", "[transfer]") {
    LocalServer server([](http::Request& request) {
        return request.path == "/a" ? redirect(307, "/b")
                                    : redirect(302, "http://127.0.0.1:1/bytes");
    });
    Client client(server.url());
    const auto response = client.session.send_here(
        client.ctx, {.method = HttpMethod::Head, .url = client.session.url("/a")}
    );
    REQUIRE_OK(response);
    CHECK(response->status == 302);
    CHECK(response->url == server.url() + "/b");
}

TEST_CASE("session tries again after failures that pass", "[transfer]") {
    std::atomic<int> failures{2};
    std::atomic<int> status{500};
    LocalServer server([&](http::Request&) {
        return failures.fetch_sub(1) > 0 ? http::Response::text(status, "no")
                                         : http::Response::text(200, "yes");
    });
    Client client(server.url());
    const auto send = [&](int with, int times, Repeat repeat) {
        status = with;
        failures = times;
        const auto response =
            client.session.send(client.ctx, {.url = client.session.url("/")}, nullptr, repeat);
        REQUIRE_OK(response);
        return response->status;
    };
    CHECK(send(500, 2, Repeat::Freely) == 200);
    CHECK(send(429, 3, Repeat::Freely) == 200);
    CHECK(send(500, 4, Repeat::Freely) == 500);
    CHECK(send(500, 1, Repeat::IfRefused) == 500);
    CHECK(send(503, 1, Repeat::IfRefused) == 200);
    CHECK(send(400, 1, Repeat::Freely) == 400);
}

TEST_CASE("session turns refusals into errors", "[transfer]") {
    int status = 404;
    LocalServer server([&](http::Request&) {
        http::Response response =
            http::Response::json(status, util::Json::object({{"error", "Repository not found"}}));
        response.header("X-Error-Code", "RepoNotFound");
        return response;
    });
    Client client(server.url());
    const auto ask = [&](int with) {
        status = with;
        return client.session.json(client.ctx, HttpMethod::Get, "/x");
    };
    const auto missing = ask(404);
    REQUIRE_ERROR(missing, util::Code::NotFound);
    CHECK_THAT(missing.error().message, ContainsSubstring("Repository not found"));
    CHECK(missing.error().reason == "RepoNotFound");
    REQUIRE_ERROR(ask(401), util::Code::Unauthenticated);
    REQUIRE_ERROR(ask(403), util::Code::PermissionDenied);
    REQUIRE_ERROR(ask(409), util::Code::AlreadyExists);
    REQUIRE_ERROR(ask(412), util::Code::Conflict);
    REQUIRE_ERROR(ask(413), util::Code::TooLarge);
    REQUIRE_ERROR(ask(422), util::Code::InvalidInput);
    REQUIRE_ERROR(ask(500), util::Code::Unavailable);
}

TEST_CASE("locations resolve against where they were seen", "[transfer]") {
    using transfer::resolve_location;
    CHECK(*resolve_location("http://h:1/a/b?c=d", "/x?y=z") == "http://h:1/x?y=z");
    CHECK(*resolve_location("http://h:1/a", "https://other/x") == "https://other/x");
    CHECK(*resolve_location("https://h/a", "//other/x") == "https://other/x");
    REQUIRE_ERROR(resolve_location("http://h/a", "ftp://x"), util::Code::InvalidInput);
}

} // namespace railhub::tests
