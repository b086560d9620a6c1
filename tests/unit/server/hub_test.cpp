// SPDX-License-Identifier: Apache-2.0
// The whole way through: HTTP in, database and store, HTTP out.
#include "tests/support/catch.h"
#include "tests/unit/server/live_hub.h"

namespace railhub::tests {

TEST_CASE("a file is committed and read back") {
    LiveHub hub;
    hub.make_repo("model");
    const Answer made = hub.commit("alice/model", {file_line("notes/a.txt", "hello\n")});
    INFO(made.head << made.body);
    REQUIRE(made.status == 200);
    const std::string oid = LiveHub::json(made).text("commitOid");
    CHECK(hub.head("alice/model") == oid);
    const Answer got = hub.ask("GET", "/alice/model/resolve/main/notes/a.txt");
    CHECK(got.status == 200);
    CHECK(got.body == "hello\n");
    CHECK(got.header("X-Repo-Commit") == oid);
    CHECK(got.header("ETag") == "\"ce013625030ba8dba906f756967f9e9ca394464a\"");
    const Answer head = hub.ask("HEAD", "/alice/model/resolve/main/notes/a.txt");
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == "6");
    CHECK(head.header("X-Repo-Commit") == oid);
}

TEST_CASE("a large file is uploaded, committed and read back in ranges") {
    LiveHub hub;
    hub.make_repo("model");
    const std::string content(300'000, 'w');
    hub.upload("alice/model", content);
    const Answer made = hub.commit("alice/model", {lfs_line("w.bin", content)});
    INFO(made.body);
    REQUIRE(made.status == 200);
    const Answer head = hub.ask("HEAD", "/alice/model/resolve/main/w.bin");
    CHECK(head.header("X-Linked-Size") == "300000");
    CHECK(head.header("Content-Length") == "300000");
    CHECK(head.header("X-Linked-Etag") == head.header("ETag"));
    const Answer part =
        hub.ask("GET", "/alice/model/resolve/main/w.bin", {.headers = {{"Range", "bytes=10-19"}}});
    CHECK(part.status == 206);
    CHECK(part.body == std::string(10, 'w'));
    CHECK(part.header("Content-Range") == "bytes 10-19/300000");
    CHECK(hub.ask("GET", "/alice/model/resolve/main/w.bin").body == content);
    const Answer pointer = hub.ask("GET", "/alice/model/raw/main/w.bin");
    CHECK(pointer.body.starts_with("version https://git-lfs.github.com/spec/v1\n"));
}

} // namespace railhub::tests
