// SPDX-License-Identifier: Apache-2.0
// Push commands as git sends them, and the report git reads.
#include "core/repo/wire/receive_pack.h"
#include "tests/support/catch.h"

namespace util = railhub::util;
namespace wire = railhub::repo::wire;

namespace {

using namespace std::string_literals;

const std::string kZero(40, '0');
const std::string kNew(40, 'c');

util::Result<wire::ReceiveRequest> read_commands(const std::vector<std::string>& lines) {
    util::StringWriter out;
    wire::PacketWriter writer(out);
    for (const std::string& line : lines) {
        REQUIRE(writer.data(line).ok());
    }
    REQUIRE(writer.flush().ok());
    util::MemoryReader reader(out.text());
    wire::PacketReader packets(reader);
    return wire::read_receive_request(packets);
}

} // namespace

TEST_CASE("create, update and delete are told by zero ids") {
    auto request = read_commands({
        kZero + " " + kNew + " refs/heads/new\0 report-status side-band-64k atomic agent=git/2.39"s,
        kNew + " " + kZero + " refs/heads/old",
    });
    REQUIRE(request.ok());
    REQUIRE(request->changes.size() == 2);
    CHECK_FALSE(request->changes[0].from.has_value());
    CHECK(request->changes[0].name == "refs/heads/new");
    CHECK_FALSE(request->changes[1].to.has_value());
    CHECK(request->has_pack());
    CHECK(request->is_atomic);
    CHECK(request->wants_side_band);
}

TEST_CASE("a push of deletions alone carries no pack") {
    auto request = read_commands({kNew + " " + kZero + " refs/heads/old\0 report-status"s});
    REQUIRE(request.ok());
    CHECK_FALSE(request->has_pack());
}

TEST_CASE("an empty request has no commands") {
    auto request = read_commands({});
    REQUIRE(request.ok());
    CHECK(request->changes.empty());
}

TEST_CASE("malformed commands are refused") {
    for (const std::string& line :
         {"x"s,
          kZero + " " + kZero + " refs/heads/a",
          kZero + kNew + " refs/heads/a",
          kZero + " " + kNew + " "}) {
        CAPTURE(line);
        CHECK_FALSE(read_commands({line}).ok());
    }
}

TEST_CASE("the report names every ref and travels on side band 1") {
    wire::ReceiveRequest request;
    request.wants_report = true;
    request.wants_side_band = true;
    util::StringWriter out;
    REQUIRE(
        wire::write_receive_report(
            out, request, "", {{"refs/heads/a", ""}, {"refs/heads/b", "non-fast-forward"}}, {"hint"}
        )
            .ok()
    );
    const std::string text = out.text();
    CHECK(text.find("\2hint\n") != std::string::npos);
    CHECK(text.find("unpack ok\n") != std::string::npos);
    CHECK(text.find("ok refs/heads/a\n") != std::string::npos);
    CHECK(text.find("ng refs/heads/b non-fast-forward\n") != std::string::npos);
    CHECK(text.ends_with("0000"));
}
