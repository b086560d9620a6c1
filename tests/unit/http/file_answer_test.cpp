// SPDX-License-Identifier: Apache-2.0
// Answers that are files: whole, ranges, conditions, and connections that go on afterwards.
#include "tests/support/catch.h"
#include "tests/unit/http/live_server.h"

namespace railhub::tests {

namespace {

std::string get(const std::string& path, const std::string& headers = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

} // namespace

TEST_CASE("files come whole, from a mapping, a descriptor or a function, and the connection goes on"
) {
    LiveServer live;
    Peer peer(live.port());
    for (const std::string path : {"/mapped", "/file", "/read-at"}) {
        INFO(path);
        peer.send(get(path));
        const Answer answer = peer.receive();
        CHECK(answer.status == 200);
        CHECK(answer.is_whole);
        CHECK((answer.body == live.content()));
        CHECK(answer.header("accept-ranges") == "bytes");
    }
    CHECK(live.server().stats().connections_total == 1);
    CHECK(live.server().stats().bytes_sent > 3 * live.content().size());
}

TEST_CASE("two files may be asked for in one packet") {
    LiveServer live;
    Peer peer(live.port());
    peer.send(get("/mapped") + get("/file") + get("/hello"));
    CHECK((peer.receive().body == live.content()));
    CHECK((peer.receive().body == live.content()));
    CHECK(peer.receive().body == "hello");
}

TEST_CASE("an empty file is an empty answer") {
    LiveServer live;
    Peer peer(live.port());
    peer.send(get("/empty"));
    const Answer answer = peer.receive();
    CHECK(answer.status == 200);
    CHECK(answer.header("content-length") == "0");
    peer.send(get("/empty", "Range: bytes=0-1\r\n"));
    CHECK(peer.receive().status == 416);
}

TEST_CASE("ranges are served from every kind of body") {
    LiveServer live;
    Peer peer(live.port());
    const std::string size = std::to_string(live.content().size());
    for (const std::string path : {"/mapped", "/file", "/read-at"}) {
        INFO(path);
        peer.send(get(path, "Range: bytes=1000-3000999\r\n"));
        const Answer part = peer.receive();
        CHECK(part.status == 206);
        CHECK(part.header("content-range") == "bytes 1000-3000999/" + size);
        CHECK((part.body == live.content().substr(1000, 3'000'000)));
        peer.send(get(path, "Range: bytes=-10\r\n"));
        CHECK((peer.receive().body == live.content().substr(live.content().size() - 10)));
        peer.send(get(path, "Range: bytes=" + size + "-\r\n"));
        const Answer past = peer.receive();
        CHECK(past.status == 416);
        CHECK(past.header("content-range") == "bytes */" + size);
        CHECK(past.body.empty());
        for (const std::string ignored : {"bytes=0-1,5-6", "bytes=9-1", "nonsense"}) {
            peer.send(get(path, "Range: " + ignored + "\r\n"));
            const Answer whole = peer.receive();
            CHECK(whole.status == 200);
            CHECK((whole.body == live.content()));
        }
    }
    peer.send("HEAD /file HTTP/1.1\r\nHost: h\r\nRange: bytes=0-9\r\n\r\n");
    const Answer head = peer.receive(Peer::Body::None);
    CHECK(head.status == 206);
    CHECK(head.header("content-length") == "10");
}

TEST_CASE("ranges do not apply to other answers") {
    LiveServer live;
    const Answer answer = live.ask(get("/hello", "Range: bytes=0-1\r\n"));
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello");
}

TEST_CASE("conditions decide between 200, 206 and 304") {
    LiveServer live;
    Peer peer(live.port());
    peer.send(get("/file", "If-None-Match: \"tag\"\r\n"));
    const Answer same = peer.receive();
    CHECK(same.status == 304);
    CHECK(same.header("etag") == "\"tag\"");
    CHECK(same.header("content-length").empty());
    peer.send(get("/file", "If-None-Match: \"other\"\r\n"));
    CHECK(peer.receive().status == 200);
    peer.send(get("/file", "Range: bytes=0-1\r\nIf-Range: \"tag\"\r\n"));
    CHECK(peer.receive().status == 206);
    peer.send(get("/file", "Range: bytes=0-1\r\nIf-Range: \"older\"\r\n"));
    CHECK(peer.receive().status == 200);
}

TEST_CASE("a file that is shorter than announced cuts the connection") {
    LiveServer live;
    Peer peer(live.port());
    peer.send(get("/short"));
    const Answer answer = peer.receive();
    CHECK(answer.status == 200);
    CHECK_FALSE(answer.is_whole);
    CHECK(live.seen(1).front().note == "cut");
}

} // namespace railhub::tests
