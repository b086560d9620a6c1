// SPDX-License-Identifier: Apache-2.0
// pkt-line framing both ways, and what a broken stream gives.
#include "core/repo/wire/pkt_line.h"
#include "tests/support/catch.h"

namespace util = railhub::util;
namespace wire = railhub::repo::wire;

namespace {

util::Error error_of_stream(std::string_view stream) {
    util::MemoryReader reader(stream);
    wire::PacketReader packets(reader);
    while (true) {
        auto packet = packets.next();
        if (!packet.ok()) {
            return packet.error();
        }
        if (packet->kind == wire::PacketKind::End) {
            return util::Error{util::Code::NotFound, "no error"};
        }
    }
}

} // namespace

TEST_CASE("packets keep kind, content and order") {
    util::StringWriter out;
    wire::PacketWriter writer(out);
    REQUIRE(writer.data("hello\n").ok());
    REQUIRE(writer.delimiter().ok());
    REQUIRE(writer.data("").ok());
    REQUIRE(writer.flush().ok());
    CHECK(out.text() == "000ahello\n000100040000");

    util::MemoryReader reader(out.text());
    wire::PacketReader packets(reader);
    auto first = packets.next();
    REQUIRE(first.ok());
    CHECK(first->line() == "hello");
    CHECK(packets.next()->kind == wire::PacketKind::Delimiter);
    CHECK(packets.next()->kind == wire::PacketKind::Data);
    CHECK(packets.next()->kind == wire::PacketKind::Flush);
    CHECK(packets.next()->kind == wire::PacketKind::End);
}

TEST_CASE("what follows the packets stays in the reader") {
    util::MemoryReader reader("0000PACK");
    wire::PacketReader packets(reader);
    REQUIRE(packets.next()->kind == wire::PacketKind::Flush);
    auto rest = util::read_all(reader, 100);
    REQUIRE(rest.ok());
    CHECK(*rest == "PACK");
}

TEST_CASE("broken streams are refused") {
    CHECK(error_of_stream("00").code == util::Code::InvalidInput);
    CHECK(error_of_stream("zzzz").code == util::Code::InvalidInput);
    CHECK(error_of_stream("0003").code == util::Code::InvalidInput);
    CHECK(error_of_stream("fff1").code == util::Code::InvalidInput);
    CHECK(error_of_stream("000aabc").code == util::Code::InvalidInput);
}

TEST_CASE("a side band cuts long data into packets") {
    util::StringWriter out;
    wire::PacketWriter writer(out);
    const std::string pack(100'000, 'x');
    REQUIRE(writer.band(wire::Band::Pack, util::as_bytes(pack)).ok());
    util::MemoryReader reader(out.text());
    wire::PacketReader packets(reader);
    std::string joined;
    while (true) {
        auto packet = packets.next();
        REQUIRE(packet.ok());
        if (packet->kind == wire::PacketKind::End) {
            break;
        }
        REQUIRE(packet->data.size() + 4 <= wire::kMaxPacket);
        CHECK(packet->data[0] == '\1');
        joined += packet->data.substr(1);
    }
    CHECK(joined == pack);
}
