// SPDX-License-Identifier: Apache-2.0
// Fetch and ls-refs requests as git sends them, and malformed ones.
#include "core/repo/wire/fetch_request.h"
#include "tests/support/catch.h"

namespace util = railhub::util;
namespace wire = railhub::repo::wire;

namespace {

const std::string kOidA(40, 'a');
const std::string kOidB(40, 'b');

class RequestText {
  public:
    RequestText& line(const std::string& text) {
        REQUIRE(packets_.data(text + "\n").ok());
        return *this;
    }

    RequestText& flush() {
        REQUIRE(packets_.flush().ok());
        return *this;
    }

    template <class Read>
    auto read(Read read_request) {
        util::MemoryReader reader(out_.text());
        wire::PacketReader packets(reader);
        return read_request(packets);
    }

  private:
    util::StringWriter out_;
    wire::PacketWriter packets_{out_};
};

} // namespace

TEST_CASE("a V0 clone names wants with capabilities and ends with done") {
    auto request =
        RequestText()
            .line(
                "want " + kOidA +
                " multi_ack_detailed no-done side-band-64k thin-pack ofs-delta agent=git/2.39"
            )
            .line("want " + kOidB)
            .line("deepen 1")
            .flush()
            .line("done")
            .read(wire::read_fetch_v0);
    REQUIRE(request.ok());
    CHECK(request->wants.size() == 2);
    CHECK(request->depth == 1);
    CHECK(request->side_band);
    CHECK(request->no_done);
    CHECK(request->is_done);
    CHECK(request->acks == wire::AckMode::Detailed);
}

TEST_CASE("a V0 round without done ends at its second flush") {
    auto request = RequestText()
                       .line("want " + kOidA + " multi_ack")
                       .flush()
                       .line("have " + kOidB)
                       .flush()
                       .read(wire::read_fetch_v0);
    REQUIRE(request.ok());
    CHECK(request->haves.size() == 1);
    CHECK_FALSE(request->is_done);
    CHECK(request->acks == wire::AckMode::Multi);
}

TEST_CASE("V2 arguments are read up to the flush") {
    auto request = RequestText()
                       .line("thin-pack")
                       .line("include-tag")
                       .line("filter blob:none")
                       .line("deepen-since 1700000000")
                       .line("deepen-not refs/heads/old")
                       .line("want " + kOidA)
                       .line("shallow " + kOidB)
                       .line("done")
                       .flush()
                       .read(wire::read_fetch_v2);
    REQUIRE(request.ok());
    CHECK(request->filter == "blob:none");
    CHECK(request->since == 1'700'000'000);
    CHECK(request->exclude_refs == std::vector<std::string>{"refs/heads/old"});
    CHECK(request->client_shallow.size() == 1);
    CHECK(request->include_tags);
    CHECK(request->changes_depth());
}

TEST_CASE("malformed fetch requests are refused") {
    const char* const lines[] = {
        "want 1234", "have zz", "deepen 0", "deepen x", "deepen-since -1", "unknown-word"};
    for (const char* line : lines) {
        CAPTURE(line);
        auto request = RequestText().line(line).flush().read(wire::read_fetch_v2);
        REQUIRE_FALSE(request.ok());
        CHECK(request.error().code == util::Code::InvalidInput);
    }
}

TEST_CASE("the V2 command and its arguments are told apart") {
    auto command = RequestText()
                       .line("command=ls-refs")
                       .line("agent=git/2.39")
                       .flush()
                       .read(wire::read_command_v2);
    REQUIRE(command.ok());
    CHECK(command->name == "ls-refs");
    CHECK_FALSE(command->has_arguments);
    auto sha256 = RequestText()
                      .line("command=fetch")
                      .line("object-format=sha256")
                      .flush()
                      .read(wire::read_command_v2);
    CHECK_FALSE(sha256.ok());
}

TEST_CASE("ls-refs collects prefixes") {
    auto request = RequestText()
                       .line("peel")
                       .line("symrefs")
                       .line("ref-prefix refs/heads/")
                       .flush()
                       .read(wire::read_ls_refs);
    REQUIRE(request.ok());
    CHECK(request->wants_peeled);
    CHECK(request->wants_symrefs);
    CHECK_FALSE(request->wants_unborn);
    CHECK(request->prefixes == std::vector<std::string>{"refs/heads/"});
}
