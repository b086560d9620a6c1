// SPDX-License-Identifier: Apache-2.0
// Tests of core/transfer/curl_client.
#include "core/transfer/curl_client.h"
#include "tests/support/catch.h"
#include "tests/unit/transfer/local_hub.h"

namespace railhub::tests {

using transfer::HttpMethod;
using transfer::HttpRequest;

namespace {

// Answers with what it got.
http::Response echo(http::Request& request) {
    auto body = util::read_all(*request.body, std::uint64_t{64} << 20);
    http::Response response = http::Response::text(
        200,
        std::string(http::method_word(request.method)) + " " + request.target + " " +
            (body.ok() ? *body : "")
    );
    response.header("X-Type", request.headers.text("content-type"));
    response.header("X-Own", request.headers.text("own"));
    response.header("X-Framing", request.headers.text("transfer-encoding"));
    return response;
}

class FailingSink final : public transfer::ResponseSink {
  public:
    util::Result<> begin(const transfer::HttpResponse& head) override {
        status = head.status;
        return {};
    }

    util::Result<> write(util::ByteView) override {
        return util::fail(util::Code::TooLarge, "enough");
    }

    int status = 0;
};

class FailingReader final : public util::Reader {
  public:
    util::Result<std::size_t> read(std::span<std::uint8_t>) override {
        return util::fail(util::Code::Io, "the disk is gone");
    }
};

} // namespace

TEST_CASE("curl client sends method, headers and body", "[transfer]") {
    LocalServer server(echo);
    Client client(server.url());
    HttpRequest request{.method = HttpMethod::Post, .url = server.url() + "/a?b=c"};
    request.headers.emplace_back("Own", "x");
    request.body = transfer::text_body("hello");
    const auto response = client.http.send(client.ctx, request, nullptr);
    REQUIRE_OK(response);
    CHECK(response->status == 200);
    CHECK(response->body == "POST /a?b=c hello");
    CHECK(response->text("x-own") == "x");
    CHECK(response->text("X-TYPE").empty());
}

TEST_CASE("curl client sends each method as it is", "[transfer]") {
    LocalServer server(echo);
    Client client(server.url());
    for (const auto method :
         {HttpMethod::Get, HttpMethod::Put, HttpMethod::Post, HttpMethod::Delete}) {
        const auto response =
            client.http.send(client.ctx, {.method = method, .url = server.url() + "/"}, nullptr);
        REQUIRE_OK(response);
        CHECK(response->body == std::string(transfer::method_word(method)) + " / ");
    }
    const auto head = client.http.send(
        client.ctx, {.method = HttpMethod::Head, .url = server.url() + "/"}, nullptr
    );
    REQUIRE_OK(head);
    CHECK(head->status == 200);
    CHECK(head->body.empty());
}

TEST_CASE("curl client sends bodies of unknown size chunked", "[transfer]") {
    LocalServer server(echo);
    Client client(server.url());
    const std::string large = pattern(3 << 20);
    HttpRequest request{.method = HttpMethod::Put, .url = server.url() + "/"};
    request.body = transfer::text_body(large);
    request.body->size.reset();
    const auto response = client.http.send(client.ctx, request, nullptr);
    REQUIRE_OK(response);
    CHECK(response->body == "PUT / " + large);
    CHECK(response->text("x-framing") == "chunked");
}

TEST_CASE("curl client gives refusals as text, not to the sink", "[transfer]") {
    LocalServer server([](http::Request&) { return http::Response::text(404, "nothing here"); });
    Client client(server.url());
    FailingSink sink;
    const auto response = client.http.send(client.ctx, {.url = server.url() + "/"}, &sink);
    REQUIRE_OK(response);
    CHECK(response->status == 404);
    CHECK(response->body == "nothing here");
    CHECK(sink.status == 0);
}

TEST_CASE("curl client passes on errors of sink and body", "[transfer]") {
    LocalServer server(echo);
    Client client(server.url());
    FailingSink sink;
    REQUIRE_ERROR(
        client.http.send(client.ctx, {.url = server.url() + "/"}, &sink), util::Code::TooLarge
    );
    CHECK(sink.status == 200);
    HttpRequest request{.method = HttpMethod::Put, .url = server.url() + "/"};
    request.body = transfer::HttpBody{
        [] {
            return util::Result<std::unique_ptr<util::Reader>>(std::make_unique<FailingReader>());
        },
        10};
    const auto failed = client.http.send(client.ctx, request, nullptr);
    REQUIRE_ERROR(failed, util::Code::Io);
    CHECK(failed.error().message == "the disk is gone");
}

TEST_CASE("curl client tells a dead server from a bad URL", "[transfer]") {
    Client client("http://127.0.0.1:1");
    const auto dead =
        client.http.send(client.ctx, {.url = "http://127.0.0.1:1/x?token=secret"}, nullptr);
    REQUIRE_ERROR(dead, util::Code::Unavailable);
    CHECK_THAT(dead.error().message, ContainsSubstring("127.0.0.1"));
    CHECK_THAT(dead.error().message, !ContainsSubstring("secret"));
    REQUIRE_ERROR(
        client.http.send(client.ctx, {.url = "file:///etc/passwd"}, nullptr),
        util::Code::InvalidInput
    );
}

TEST_CASE("curl client stops when asked", "[transfer]") {
    LocalServer server(echo);
    Client client(server.url());
    client.test.stop.request_stop();
    REQUIRE_ERROR(
        client.http.send(client.ctx, {.url = server.url() + "/"}, nullptr), util::Code::Cancelled
    );
}

} // namespace railhub::tests
