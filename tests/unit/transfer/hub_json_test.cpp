// SPDX-License-Identifier: Apache-2.0
// Tests of core/transfer/hub_json.
#include "core/transfer/hub_json.h"
#include "tests/support/catch.h"

namespace railhub::tests {

namespace {

util::Json json(std::string_view text) {
    auto parsed = util::parse_json(text);
    REQUIRE_OK(parsed);
    return *parsed;
}

const std::string kSha1(40, 'a');
const std::string kSha256(64, 'b');

} // namespace

TEST_CASE("a tree entry is read with its real size", "[transfer]") {
    const auto entry = transfer::read_entry(json(
        R"({"type":"file","path":"m.bin","oid":")" + kSha1 + R"(","size":130,"lfs":{"oid":")" +
        kSha256 + R"(","size":5000,"pointerSize":130}})"
    ));
    REQUIRE_OK(entry);
    CHECK(entry->size == 5000);
    CHECK(entry->etag() == kSha256);
}

TEST_CASE("paths that would leave the folder are refused", "[transfer]") {
    for (const std::string path :
         {"../x", "/etc/passwd", "a/../../b", ".git/config", "a\\\\b", ""}) {
        const auto entry = transfer::read_entry(
            json(R"({"type":"file","path":")" + path + R"(","oid":")" + kSha1 + R"(","size":1})")
        );
        CHECK_FALSE(entry.ok());
    }
}

TEST_CASE("object ids that are none are refused", "[transfer]") {
    REQUIRE_ERROR(
        transfer::read_entry(json(R"({"type":"file","path":"a","oid":"../../x","size":1})")),
        util::Code::Corrupt
    );
}

TEST_CASE("sizes beyond reason are refused", "[transfer]") {
    REQUIRE_ERROR(
        transfer::read_entry(json(
            R"({"type":"file","path":"a","oid":")" + kSha1 + R"(","size":9223372036854775807})"
        )),
        util::Code::Corrupt
    );
}

TEST_CASE("multipart actions are ordered by number and must add up", "[transfer]") {
    const std::string head = R"({"oid":")" + kSha256 +
                             R"(","size":25,"actions":{"upload":{"href":"http://h/done","header":)";
    const auto object = transfer::read_lfs_object(json(
        head +
        R"({"chunk_size":"10","00003":"http://h/3","00001":"http://h/1","00002":"http://h/2"}}}})"
    ));
    REQUIRE_OK(object);
    CHECK(
        object->upload->parts == std::vector<std::string>{"http://h/1", "http://h/2", "http://h/3"}
    );
    CHECK(object->upload->part_size == 10);
    REQUIRE_ERROR(
        transfer::read_lfs_object(json(head + R"({"chunk_size":"10","00001":"http://h/1"}}}})")),
        util::Code::Corrupt
    );
    REQUIRE_ERROR(
        transfer::read_lfs_object(json(head + R"({"chunk_size":"0","00001":"http://h/1"}}}})")),
        util::Code::Corrupt
    );
}

TEST_CASE("whoami must name somebody", "[transfer]") {
    const auto who = transfer::read_whoami(json(
        R"({"type":"user","name":"ada","orgs":[{"name":"acme","roleInOrg":"write"}],
            "auth":{"accessToken":{"displayName":"laptop","role":"write"}}})"
    ));
    REQUIRE_OK(who);
    CHECK(who->orgs.front().org == "acme");
    CHECK(who->token_name == "laptop");
    REQUIRE_ERROR(transfer::read_whoami(json("{}")), util::Code::Corrupt);
}

} // namespace railhub::tests
