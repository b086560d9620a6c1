// SPDX-License-Identifier: Apache-2.0
// Ordinary traffic: methods, keep-alive, pipelining, streams, what handlers see and peers get.
#include "tests/support/catch.h"
#include "tests/unit/http/live_server.h"

#include <vector>

namespace railhub::tests {

TEST_CASE("a small answer has length, date and request id") {
    LiveServer live;
    const Answer answer = live.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello");
    CHECK(answer.header("content-length") == "5");
    CHECK(answer.header("x-request-id").size() == 32);
    CHECK_THAT(answer.header("date"), EndsWith(" GMT"));
    CHECK(answer.header("connection").empty());
}

TEST_CASE("HEAD has the headers of GET and no body") {
    LiveServer live;
    Peer peer(live.port());
    for (const std::string path : {"/hello", "/file", "/stream", "/empty"}) {
        peer.send("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(peer.receive(Peer::Body::None).status == 200);
    }
    peer.send("HEAD /file HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(
        peer.receive(Peer::Body::None).header("content-length") ==
        std::to_string(live.content().size())
    );
    peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(peer.receive().body == "hello");
}

TEST_CASE("many requests share a connection, also when they come in one packet or in crumbs") {
    LiveServer live;
    Peer peer(live.port());
    const std::string one = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n";
    peer.send(one + "abc" + one + "def" + one + "ghi");
    CHECK(peer.receive().body == "abc");
    CHECK(peer.receive().body == "def");
    CHECK(peer.receive().body == "ghi");
    for (const char c : one + "xyz") {
        peer.send(std::string(1, c));
    }
    CHECK(peer.receive().body == "xyz");
    CHECK(live.server().stats().connections_total == 1);
    CHECK(live.server().stats().requests_total == 4);
}

TEST_CASE("HTTP/1.0 gets no chunks and closes unless asked to stay") {
    LiveServer live;
    Peer peer(live.port());
    peer.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(peer.receive().header("connection") == "keep-alive");
    peer.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const Answer answer = peer.receive();
    CHECK(answer.header("transfer-encoding").empty());
    CHECK(answer.header("connection") == "close");
    CHECK(answer.body == "one two");
}

TEST_CASE("Connection: close is honoured") {
    LiveServer live;
    Peer peer(live.port());
    peer.send("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n");
    CHECK(peer.receive().header("connection") == "close");
    CHECK(peer.is_closed());
}

TEST_CASE("streams are chunked; one that fails is cut, not ended") {
    LiveServer live;
    Peer peer(live.port());
    peer.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    const Answer whole = peer.receive();
    CHECK(whole.is_whole);
    CHECK(whole.body == "one two");
    peer.send("GET /cut HTTP/1.1\r\nHost: h\r\n\r\n");
    const Answer cut = peer.receive();
    CHECK(cut.status == 200);
    CHECK_FALSE(cut.is_whole);
    CHECK(peer.is_closed());
}

TEST_CASE("a stream that fails before its first byte, or a handler that throws, is a plain 500") {
    LiveServer live;
    for (const std::string path : {"/fail", "/throw"}) {
        const Answer answer = live.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(answer.status == 500);
        CHECK(answer.is_whole);
        CHECK_THAT(answer.header("content-type"), StartsWith("application/json"));
        CHECK_THAT(answer.body, !ContainsSubstring("secret"));
    }
}

TEST_CASE("a sane request id of the client is reused, another is not") {
    LiveServer live;
    const auto id_for = [&live](const std::string& header) {
        return live.ask("GET /hello HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n")
            .header("x-request-id");
    };
    CHECK(id_for("X-Request-Id: abc-123") == "abc-123");
    CHECK(id_for("X-Amzn-Trace-Id: Root=1-67891233-abcdef") == "Root=1-67891233-abcdef");
    CHECK(id_for("X-Request-Id: <script>").size() == 32);
    CHECK(id_for("X-Request-Id: " + std::string(200, 'a')).size() == 32);
}

TEST_CASE("the observer hears of every exchange, also of refused ones") {
    LiveServer live;
    live.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    live.ask("nonsense\r\n\r\n");
    const auto seen = live.seen(2);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].status == 200);
    CHECK(seen[0].path == "/hello");
    CHECK(seen[0].bytes_sent > 5);
    CHECK(seen[1].status == 400);
    CHECK(seen[1].note == "refused");
    CHECK(live.server().stats().rejected_total == 1);
}

TEST_CASE("handlers see the decoded path, the query and who asks") {
    LiveServer live;
    const Answer answer =
        live.ask("GET /show/a%2Fb/c%20d/?x=1%202&y=a=b HTTP/1.1\r\nHost: hub.example:81\r\n\r\n");
    CHECK_THAT(
        answer.body,
        ContainsSubstring("segment=show\nsegment=a/b\nsegment=c d\nquery=x=1 2\nquery=y=a=b\n")
    );
    CHECK_THAT(answer.body, ContainsSubstring("peer=127.0.0.1\nbase_url=http://hub.example:81\n"));
}

TEST_CASE("more clients than workers, all waiting for their peer, leave room for others") {
    LiveServer live;
    std::vector<std::unique_ptr<Peer>> slow;
    for (int i = 0; i < 16; ++i) {
        slow.push_back(std::make_unique<Peer>(live.port()));
        slow.back()->send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf.");
    }
    CHECK(live.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n").status == 200);
    for (const auto& peer : slow) {
        peer->send("whole");
        CHECK(peer->receive().body == "10");
    }
}

TEST_CASE("a Unix socket serves too") {
    const TempDir folder;
    http::ServerOptions options = patient_options();
    options.address = "unix:" + folder.file("hub.sock");
    const LiveServer first(options);
    CHECK(first.port() == 0);
}

} // namespace railhub::tests
