// SPDX-License-Identifier: Apache-2.0
// Peers that lie, stall, flood or vanish. Each case ends with a clear answer or a closed
// connection, and with a server that goes on.
#include "tests/support/catch.h"
#include "tests/unit/http/live_server.h"

#include <chrono>
#include <memory>
#include <sys/socket.h>
#include <vector>

namespace railhub::tests {

namespace {

void check_alive(LiveServer& live) {
    CHECK(eventually([&live] {
        return live.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n").status == 200;
    }));
}

void check_refused(LiveServer& live, const std::string& request, int status) {
    INFO(request.substr(0, 200));
    Peer peer(live.port());
    peer.send_all(request);
    const Answer answer = peer.receive();
    CHECK(answer.status == status);
    CHECK(answer.header("connection") == "close");
    CHECK_THAT(answer.header("content-type"), StartsWith("application/json"));
    CHECK_FALSE(answer.header("x-request-id").empty());
    CHECK_THAT(answer.body, StartsWith("{\"error\":\""));
    peer.end_sending();
    CHECK(peer.is_closed());
    check_alive(live);
}

} // namespace

TEST_CASE("smuggled framings are refused and nothing behind them is a request") {
    LiveServer live;
    const std::string smuggled = "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n";
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";
    check_refused(
        live,
        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
        400
    );
    check_refused(
        live, post + "Content-Length: 0\r\nContent-Length: 5\r\n\r\nabcde" + smuggled, 400
    );
    check_refused(live, post + "Content-Length: -1\r\n\r\n" + smuggled, 400);
    check_refused(live, post + "Content-Length: 0\n\n" + smuggled, 400);
    check_refused(live, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled, 501);
    check_refused(live, post + "X: y\r\n folded: z\r\n\r\n", 400);
    check_refused(live, "GET / HTTP/1.1\r\n\r\n", 400);
    for (const Seen& seen : live.seen(0)) {
        CHECK(seen.status != 500);
    }
}

TEST_CASE("a request without framing has an empty body and blocks nobody") {
    LiveServer live;
    const Answer answer = live.ask("POST /echo HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.status == 200);
    CHECK(answer.body.empty());
}

TEST_CASE("an unread short body is skipped, not parsed as the next request") {
    LiveServer live;
    Peer peer(live.port());
    const std::string evil = "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n";
    peer.send(
        "POST /deny HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(evil.size()) +
        "\r\n\r\n" + evil
    );
    CHECK(peer.receive().status == 401);
    peer.send(
        "POST /deny HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    );
    CHECK(peer.receive().status == 401);
    peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(peer.receive().body == "hello");
    CHECK(live.seen(3).size() == 3);
}

TEST_CASE("an unread long body ends the connection, and the peer can still read the answer") {
    LiveServer live;
    Peer peer(live.port());
    peer.send("PUT /deny HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
    peer.send_all(std::string(4 << 20, 'x'));
    const Answer answer = peer.receive();
    CHECK(answer.status == 401);
    CHECK(answer.header("connection") == "close");
}

TEST_CASE("100 Continue is sent when the handler reads, and only then") {
    LiveServer live;
    const std::string expect = "Content-Length: 3\r\nExpect: 100-Continue\r\n\r\n";
    {
        Peer peer(live.port());
        peer.send("PUT /echo HTTP/1.1\r\nHost: h\r\n" + expect);
        CHECK(peer.receive().status == 100);
        peer.send("abc");
        CHECK(peer.receive().body == "abc");
        peer.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(peer.receive().status == 200);
    }
    {
        Peer peer(live.port());
        peer.send("PUT /deny HTTP/1.1\r\nHost: h\r\n" + expect);
        const Answer answer = peer.receive();
        CHECK(answer.status == 401);
        CHECK(answer.header("connection") == "close");
        CHECK(peer.is_closed());
    }
    {
        Peer peer(live.port());
        peer.send("PUT /echo HTTP/1.1\r\nHost: h\r\n" + expect + "abc");
        CHECK(peer.receive().body == "abc");
    }
}

TEST_CASE("headers of the client do not shadow what the server knows, nor are they decoded") {
    LiveServer live;
    const Answer answer = live.ask("GET /show HTTP/1.1\r\nHost: h\r\nREMOTE_ADDR: "
                                   "6.6.6.6\r\nLOCAL_ADDR: 6.6.6.6\r\nX-Forwarded-For: 6.6.6.6\r\n"
                                   "X: a%0d%0aY: b\r\n\r\n");
    CHECK_THAT(answer.body, ContainsSubstring("\npeer=127.0.0.1\n"));
    CHECK_THAT(answer.body, ContainsSubstring("header=X:a%0d%0aY: b\n"));
}

TEST_CASE("nothing a handler puts into a header becomes a second one") {
    LiveServer live;
    const Answer answer = live.ask("GET /inject HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.header("x-a") == "1  X-B: 2");
    CHECK(answer.header("x-b").empty());
    CHECK(answer.header("x-d").empty());
    CHECK(answer.header("x-e") == "caf\xE9 ?");
}

TEST_CASE("heads that are too long, too many or endless are refused") {
    LiveServer live;
    std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 0; i < 200; ++i) {
        many += "X: y\r\n";
    }
    check_refused(live, many + "\r\n", 431);
    check_refused(
        live, "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n", 431
    );
    check_refused(live, "GET /" + std::string(200'000, 'a'), 414);
    check_refused(live, "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(2 << 20, 'a'), 431);
}

TEST_CASE("foreign protocols and methods are answered") {
    LiveServer live;
    check_refused(live, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    check_refused(live, "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", 501);
    check_refused(live, "\x16\x03\x01\x02\r\n\r\n", 400);
    check_refused(live, "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400);
    check_refused(
        live, "PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999999\r\n\r\n", 413
    );
}

TEST_CASE("a slow head meets its deadline, however it trickles") {
    LiveServer live(strict_options());
    Peer peer(live.port());
    peer.send("GET /hello HTTP/1.1\r\n");
    bool is_open = true;
    for (int i = 0; i < 200 && is_open; ++i) {
        is_open = ::send(peer.fd(), "x", 1, MSG_NOSIGNAL) == 1;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        char byte = 0;
        is_open = is_open && ::recv(peer.fd(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0;
    }
    CHECK_FALSE(is_open);
    CHECK(peer.receive().status == 408);
    Peer silent(live.port());
    CHECK(silent.is_closed());
    check_alive(live);
}

TEST_CASE("a slow body meets its deadline, however it trickles") {
    LiveServer live(strict_options());
    Peer peer(live.port());
    peer.send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 200; ++i) {
        if (::send(peer.fd(), "x", 1, MSG_NOSIGNAL) != 1) {
            break;
        }
        char byte = 0;
        if (::recv(peer.fd(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) > 0) {
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(peer.receive().status == 400);
    CHECK(live.seen(1).front().note == "unavailable");
}

TEST_CASE("a body that stops half-way is an error, not a shorter body") {
    LiveServer live;
    for (const std::string framing :
         {"Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"}) {
        Peer peer(live.port());
        peer.send("PUT /count HTTP/1.1\r\nHost: h\r\n" + framing);
        peer.end_sending();
        const Answer answer = peer.receive();
        CHECK(answer.status == 400);
        CHECK_THAT(answer.body, ContainsSubstring("before the request body ended"));
    }
}

TEST_CASE("limits hold for every framing") {
    LiveServer live;
    const std::string head = "PUT /limit HTTP/1.1\r\nHost: h\r\n";
    CHECK(live.ask(head + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x')).status == 200);
    CHECK(live.ask(head + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x')).status == 413);
    const auto chunked = [&head](std::size_t count) {
        std::string text = head + "Transfer-Encoding: chunked\r\n\r\n";
        for (std::size_t i = 0; i < count; i += 100) {
            text += "64\r\n" + std::string(100, 'x') + "\r\n";
        }
        return text + "0\r\n\r\n";
    };
    CHECK(live.ask(chunked(1000)).status == 200);
    CHECK(live.ask(chunked(1100)).status == 413);
}

TEST_CASE("broken chunks are errors and end the connection") {
    LiveServer live;
    for (const std::string body :
         {"-5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffffff\r\n", "5\nhello\n0\n\n", "zz\r\n"}) {
        Peer peer(live.port());
        peer.send("PUT /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        const Answer answer = peer.receive();
        CHECK(answer.status == 400);
        CHECK(answer.header("connection") == "close");
    }
    check_alive(live);
}

TEST_CASE("a client that leaves in the middle of a download is noticed") {
    LiveServer live;
    for (const std::string path : {"/mapped", "/file", "/read-at"}) {
        Peer peer(live.port());
        peer.read_slowly();
        peer.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(peer.receive_some(1000).size() == 1000);
        peer.close();
    }
    const auto seen = live.seen(3);
    REQUIRE(seen.size() == 3);
    for (const Seen& one : seen) {
        CHECK(one.note == "cut");
        CHECK(one.bytes_sent < live.content().size());
    }
    CHECK(eventually([&live] { return live.server().stats().pumping == 0; }));
    check_alive(live);
}

TEST_CASE("a reader that stops reading is dropped after its deadline") {
    LiveServer live(strict_options());
    Peer peer(live.port());
    peer.read_slowly();
    peer.send("GET /mapped HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(live.seen(1).front().note == "cut");
}

TEST_CASE("slow downloads hold no worker") {
    LiveServer live;
    std::vector<std::unique_ptr<Peer>> slow;
    for (int i = 0; i < 50; ++i) {
        slow.push_back(std::make_unique<Peer>(live.port()));
        slow.back()->read_slowly();
        slow.back()->send("GET /mapped HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    CHECK(eventually([&live] { return live.server().stats().requests_total >= 50; }));
    check_alive(live);
}

TEST_CASE("a burst of a thousand connections is served") {
    LiveServer live;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 1000; ++i) {
        peers.push_back(std::make_unique<Peer>(live.port()));
        REQUIRE(peers.back()->fd() >= 0);
    }
    for (const auto& peer : peers) {
        peer->send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    int good = 0;
    for (const auto& peer : peers) {
        good += peer->receive().status == 200 ? 1 : 0;
    }
    CHECK(good == 1000);
    CHECK(live.server().stats().connections_open == 1000);
}

TEST_CASE("past the limit idle connections make room, and who comes too early is told") {
    http::ServerOptions options = patient_options();
    options.max_connections = 4;
    LiveServer live(options);
    std::vector<std::unique_ptr<Peer>> busy;
    for (int i = 0; i < 4; ++i) {
        busy.push_back(std::make_unique<Peer>(live.port()));
        busy.back()->send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    REQUIRE(eventually([&live] { return live.waiting() == 4; }));
    Peer early(live.port());
    // All four workers wait in their handlers: the answer comes as soon as one is free.
    live.release();
    const Answer told = early.receive();
    CHECK(told.status == 503);
    CHECK(told.header("retry-after") == "1");
    for (const auto& peer : busy) {
        CHECK(peer->receive().status == 200);
    }
    // Now they are idle: the next one is turned away, but makes room for those behind it.
    CHECK(eventually([&live] {
        return live.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n").status == 200;
    }));
}

} // namespace railhub::tests
