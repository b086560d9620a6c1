// SPDX-License-Identifier: Apache-2.0
// Stopping: what runs is finished, what waits is let go, what hangs is cut.
#include "tests/support/catch.h"
#include "tests/unit/http/live_server.h"

#include <thread>

namespace railhub::tests {

namespace {

constexpr const char* kGetMapped = "GET /mapped HTTP/1.1\r\nHost: h\r\n\r\n";

} // namespace

TEST_CASE("drain finishes a running download and a running handler, and closes idle peers") {
    LiveServer live;
    Peer idle(live.port());
    idle.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(idle.receive().status == 200);
    Peer download(live.port());
    download.read_slowly(256 * 1024);
    download.send(kGetMapped);
    const std::string first = download.receive_some(100);
    Peer waiting(live.port());
    waiting.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(eventually([&live] { return live.waiting() == 1; }));

    std::thread draining([&live] { live.server().drain(); });
    CHECK(idle.is_closed());
    CHECK(eventually([&live] { return Peer(live.port()).fd() < 0; }));
    live.release();
    const Answer last = waiting.receive();
    CHECK(last.body == "waited");
    CHECK(last.header("connection") == "close");
    waiting.close();
    std::string rest = first;
    while (true) {
        const std::string some = download.receive_some(1 << 20);
        if (some.empty()) {
            break;
        }
        rest += some;
    }
    CHECK((rest.substr(rest.find("\r\n\r\n") + 4) == live.content()));
    download.close();
    draining.join();
    CHECK(live.server().stats().connections_open == 0);
}

TEST_CASE("drain cuts a download that does not end in time") {
    http::ServerOptions options = patient_options();
    options.drain = std::chrono::milliseconds(100);
    LiveServer live(options);
    Peer download(live.port());
    download.read_slowly();
    download.send(kGetMapped);
    CHECK(download.receive_some(100).size() == 100);
    live.server().drain();
    CHECK(live.server().stats().connections_open == 0);
    CHECK(live.seen(1).front().note == "cut");
}

TEST_CASE("a server may be drained twice, and destroyed without") {
    LiveServer live;
    live.server().drain();
    live.server().drain();
    const LiveServer other;
}

} // namespace railhub::tests
