// SPDX-License-Identifier: Apache-2.0
// Pulls through Xet, and when they are not worth it; answers that are wrong.
#include "core/transfer/cas_json.h"
#include "core/transfer/xet_download.h"
#include "tests/unit/transfer/xet_scene.h"

namespace railhub::tests {

namespace {

// Five times the same, which a Xet server has once.
std::string repetitive(std::uint64_t seed) {
    const std::string block = random_text(kMegabyte, seed);
    return block + block + block + block + block;
}

util::Json parsed(std::string_view text) {
    auto json = util::parse_json(text);
    REQUIRE_OK(json);
    return *json;
}

constexpr std::string_view kHash =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string v1_answer(std::string_view term, std::string_view info) {
    return R"({"offset_into_first_range":0,"terms":[{"hash":")" + std::string(kHash) + "\"," +
           std::string(term) + R"(}],"fetch_info":{")" + std::string(kHash) + R"(":[)" +
           std::string(info) + "]}}";
}

} // namespace

TEST_CASE("a pull goes through Xet where that saves bytes", "[transfer]") {
    XetScene scene;
    scene.cas.has_v2 = GENERATE(true, false);
    const std::string big = repetitive(1);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    const auto result = scene.pull();
    CHECK(scene.pulled("big.bin") == big);
    CHECK(result.xet_bytes == big.size());
    CHECK(scene.cas.data_gets > 0);
    CHECK(scene.cas.plain_gets == 0);
}

TEST_CASE("a pull is plain where Xet saves nothing", "[transfer]") {
    XetScene scene;
    const std::string big = random_text(3 * kMegabyte, 2);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    CHECK(scene.pull().xet_bytes == 0);
    CHECK(scene.pulled("big.bin") == big);
    CHECK(scene.cas.data_gets == 0);
}

TEST_CASE("addresses that expired are asked for again", "[transfer]") {
    XetScene scene;
    const std::string big = repetitive(3);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    scene.cas.expired_addresses = 2;
    CHECK(scene.pull().xet_bytes == big.size());
    CHECK(scene.pulled("big.bin") == big);
    CHECK(scene.cas.plain_gets == 0);
}

TEST_CASE("wrong bytes of a Xet server are found, and plain HTTP helps", "[transfer]") {
    XetScene scene;
    const std::string big = repetitive(4);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    SECTION("once") {
        scene.cas.damaged_ranges = 1;
    }
    SECTION("always") {
        scene.cas.damaged_ranges = 1'000'000;
    }
    SECTION("addresses never work") {
        scene.cas.expired_addresses = 1'000'000;
    }
    static_cast<void>(scene.pull());
    CHECK(scene.pulled("big.bin") == big);
    CHECK(scene.cas.plain_gets > 0);
}

TEST_CASE("what an older version has is not fetched", "[transfer]") {
    XetScene scene;
    std::string big = random_text(6 * kMegabyte, 5);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    static_cast<void>(scene.pull());
    big.replace(2 * kMegabyte, 10, "0123456789");
    big.insert(4 * kMegabyte, "inserted");
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    scene.cas.commit = std::string(40, '3');
    const auto result = scene.pull();
    CHECK(scene.pulled("big.bin") == big);
    CHECK(result.reused_bytes > 5 * kMegabyte);
    SECTION("and when it was damaged here, it is fetched after all") {
        scene.write("big.bin", big + "more");
        static_cast<void>(scene.push());
        scene.cas.commit = std::string(40, '4');
        const std::string blob = scene.dir.file("cache/models--ada--model/blobs/") +
                                 util::sha256(util::as_bytes(big)).hex();
        REQUIRE_OK(util::write_atomic(*scene.fs, blob, util::as_bytes("damaged")));
        static_cast<void>(scene.pull());
        CHECK(scene.pulled("big.bin") == big + "more");
    }
}

TEST_CASE("common runs follow from the ends of terms", "[transfer]") {
    xet::Hash x;
    x.bytes[0] = 1;
    xet::Hash y;
    y.bytes[0] = 2;
    const std::vector<xet::Term> have{{x, 1000, 0, 10}, {y, 70, 3, 4}};
    using Runs = std::vector<transfer::LocalRun>;
    // One chunk in the middle replaced.
    const std::vector<xet::Term> edited{{x, 300, 0, 3}, {y, 50, 0, 1}, {x, 600, 4, 10}};
    CHECK(transfer::find_local_runs(edited, have) == Runs{{0, 300, 0}, {350, 950, 400}});
    // The place of chunk 4 is not known.
    const std::vector<xet::Term> unknown{{x, 200, 4, 6}};
    CHECK(transfer::find_local_runs(unknown, have).empty());
    // Sizes that contradict each other.
    const std::vector<xet::Term> lies{{x, 5000, 0, 10}};
    CHECK(transfer::find_local_runs(lies, have).empty());
}

TEST_CASE("answers of a Xet server that make no sense are refused", "[transfer]") {
    const std::string good_term = R"("unpacked_length":10,"range":{"start":0,"end":1})";
    const std::string good_info =
        R"({"range":{"start":0,"end":1},"url":"http://h/x","url_range":{"start":0,"end":17}})";
    REQUIRE_OK(transfer::read_reconstruction(parsed(v1_answer(good_term, good_info))));
    const std::vector<std::pair<std::string, std::string>> bad{
        {R"("unpacked_length":0,"range":{"start":0,"end":1})", good_info},
        {R"("unpacked_length":10,"range":{"start":1,"end":1})", good_info},
        {R"("unpacked_length":10,"range":{"start":0,"end":9000})", good_info},
        {R"("unpacked_length":10,"range":{"start":0,"end":2})", good_info},
        {R"("unpacked_length":200000,"range":{"start":0,"end":1})", good_info},
        {R"("unpacked_length":10)", good_info},
        {good_term, ""},
        {good_term,
         R"({"range":{"start":0,"end":1},"url":"file:///x","url_range":{"start":0,"end":17}})"},
        {good_term,
         R"({"range":{"start":0,"end":1},"url":"http://h/","url_range":{"start":9,"end":1}})"},
        {good_term,
         R"({"range":{"start":0,"end":1},"url":"http://h/","url_range":{"start":0,"end":1e18}})"},
        {good_term,
         R"({"range":{"start":0,"end":1},"url":"http://h/","url_range":{"start":0,"end":99999999999}})"}};
    for (const auto& [term, info] : bad) {
        INFO(term << info);
        REQUIRE_ERROR(
            transfer::read_reconstruction(parsed(v1_answer(term, info))), util::Code::Corrupt
        );
    }
    REQUIRE_ERROR(
        transfer::read_cas_token(parsed(R"({"accessToken":"t","exp":1,"casUrl":"ftp://h"})")),
        util::Code::Corrupt
    );
    REQUIRE_ERROR(
        transfer::read_cas_token(parsed(R"({"exp":1,"casUrl":"http://h"})")), util::Code::Corrupt
    );
}

} // namespace railhub::tests
