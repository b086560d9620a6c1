// SPDX-License-Identifier: Apache-2.0
// Pushes through Xet against a server that checks everything.
#include "core/transfer/file_scan.h"
#include "core/transfer/push_plan_file.h"
#include "core/transfer/xorb_packer.h"
#include "core/xet/chunker.h"
#include "tests/unit/transfer/xet_scene.h"

namespace railhub::tests {

TEST_CASE("a scan finds the hashes of any size of file", "[transfer]") {
    TempDir dir;
    TestContext test;
    const auto fs = util::make_posix_fs();
    const std::size_t block = std::size_t{8} << 20;
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{100'000}, block - 1, block, block + 1, 3 * block + 77}) {
        const std::string text = random_text(size, size);
        REQUIRE_OK(util::write_atomic(*fs, dir.file("f"), util::as_bytes(text)));
        util::Task task(test.progress, "", 0, "B");
        const auto scan = transfer::scan_file(
            test.context(), *fs, dir.file("f"), transfer::ScanDepth::Chunks, task
        );
        REQUIRE_OK(scan);
        CHECK(scan->sha256 == util::sha256(util::as_bytes(text)));
        CHECK(scan->size == size);
        std::size_t at = 0;
        std::size_t index = 0;
        for (const std::uint32_t expected : xet::chunk_sizes(util::as_bytes(text))) {
            REQUIRE(index < scan->chunks.size());
            CHECK(scan->chunks[index].size == expected);
            const auto bytes = util::as_bytes(text).subspan(at, expected);
            CHECK(scan->chunks[index].hash == xet::chunk_hash(bytes));
            at += expected;
            ++index;
        }
        CHECK(index == scan->chunks.size());
    }
}

TEST_CASE("a push goes through Xet where the hub offers it", "[transfer]") {
    XetScene scene;
    const std::string big = random_text(3 * kMegabyte, 1);
    scene.write("big.bin", big);
    scene.write("tiny.bin", "12345");
    scene.write("same.bin", "12345");
    scene.write("README.md", "text");
    scene.cas.has_v2 = GENERATE(true, false);
    const auto result = scene.push();
    CHECK(result.totals.new_bytes == big.size() + 5);
    CHECK(scene.cas.content_of("big.bin") == big);
    CHECK(scene.cas.content_of("tiny.bin") == "12345");
    CHECK(scene.cas.content_of("same.bin") == "12345");
    CHECK(scene.received() == result.totals.sent_bytes);

    const auto again = scene.push();
    CHECK(again.totals.sent_bytes == 0);
    CHECK(scene.received() == result.totals.sent_bytes);
}

TEST_CASE("a hub without Xet gets LFS", "[transfer]") {
    XetScene scene;
    scene.cas.has_xet = false;
    scene.write("big.bin", "x");
    const transfer::PushTools tools = scene.tools();
    const auto plan = transfer::plan_push(scene.client.ctx, tools, scene.request);
    REQUIRE_OK(plan);
    CHECK(plan->cas == nullptr);
    scene.cas.has_xet = true;
    scene.request.way = transfer::PushWay::Lfs;
    const auto forced = transfer::plan_push(scene.client.ctx, tools, scene.request);
    REQUIRE_OK(forced);
    CHECK(forced->cas == nullptr);
}

TEST_CASE("edits cost what they change", "[transfer]") {
    XetScene scene;
    std::string big = random_text(20 * kMegabyte, 2);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    // With what the memo knows, and with what the server answers.
    if (GENERATE(false, true)) {
        REQUIRE_OK(scene.fs->remove(scene.dir.file("memo.jsonl")));
        REQUIRE_OK(scene.fs->remove(scene.dir.file("memo.jsonl.chunks")));
        scene.open_memo();
    }
    std::uint64_t before = scene.received();
    big[8 * kMegabyte] = static_cast<char>(big[8 * kMegabyte] ^ 1);
    scene.write("big.bin", big);
    const auto edited = scene.push();
    CHECK(scene.received() - before <= 200'000); // a chunk, or two
    CHECK(edited.totals.known_bytes + edited.totals.new_bytes == big.size());
    CHECK(scene.cas.content_of("big.bin") == big);

    before = scene.received();
    big.insert(12 * kMegabyte, random_text(137, 3));
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    CHECK(scene.received() - before <= 400'000);
    CHECK(scene.cas.content_of("big.bin") == big);
}

TEST_CASE("answers of chunk queries are used, keyed or not", "[transfer]") {
    XetScene scene;
    scene.cas.keys_answers = GENERATE(true, false);
    const std::string big = random_text(3 * kMegabyte, 4);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    CHECK(scene.cas.questions > 0);
    REQUIRE_OK(scene.fs->remove(scene.dir.file("memo.jsonl.chunks")));
    scene.open_memo();
    scene.write("big.bin", big + "more");
    const auto result = scene.push();
    CHECK(result.totals.known_bytes > 2 * kMegabyte);
    CHECK(scene.cas.content_of("big.bin") == big + "more");
}

TEST_CASE("a push that broke off goes on", "[transfer]") {
    XetScene scene;
    const std::string big = random_text(70 * kMegabyte, 5);
    scene.write("big.bin", big);
    scene.request.connections = 1;
    scene.cas.xorbs_to_failure = 1;
    REQUIRE_ERROR(scene.try_push(), util::Code::InvalidInput);
    const std::uint64_t before = scene.received();
    CHECK(before > 64 * kMegabyte);
    scene.open_memo(); // what a killed program leaves
    const auto second = scene.push();
    CHECK(second.totals.new_bytes < 6 * kMegabyte);
    CHECK(scene.received() - before < 7 * kMegabyte);
    CHECK(scene.cas.content_of("big.bin") == big);
}

TEST_CASE("a server that lost xorbs gets them again", "[transfer]") {
    XetScene scene;
    std::string big = random_text(3 * kMegabyte, 6);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    scene.cas.forgets_xorbs = true;
    big += "more";
    scene.write("big.bin", big);
    // What is sent again has the same names, which this server does not forgive, unless the last
    // chunk makes it another xorb.
    const auto result = scene.push();
    CHECK(result.totals.new_bytes == big.size());
    CHECK(scene.cas.content_of("big.bin") == big);
}

TEST_CASE("tokens are renewed", "[transfer]") {
    XetScene scene;
    scene.write("big.bin", random_text(kMegabyte, 7));
    SECTION("when the server refuses one") {
        scene.cas.refused_tokens = 1;
        static_cast<void>(scene.push());
        CHECK(scene.cas.tokens.size() >= 2);
    }
    SECTION("before they end") {
        scene.cas.token_seconds = 20;
        static_cast<void>(scene.push());
        CHECK(scene.cas.tokens.size() >= 3);
    }
}

TEST_CASE("a refused xorb says why", "[transfer]") {
    XetScene scene;
    scene.write("big.bin", random_text(kMegabyte, 8));
    scene.cas.failing_xorbs = 100;
    const auto result = scene.try_push();
    REQUIRE_ERROR(result, util::Code::InvalidInput);
    CHECK(result.error().message.find("a bad xorb") != std::string::npos);
}

TEST_CASE("a damaged memo is no memo", "[transfer]") {
    XetScene scene;
    const std::string big = random_text(3 * kMegabyte, 9);
    scene.write("big.bin", big);
    static_cast<void>(scene.push());
    const std::string lists = scene.dir.file("memo.jsonl.chunks");
    auto text = util::read_file(*scene.fs, lists, kMegabyte);
    REQUIRE_OK(text);
    REQUIRE(text->size() > 500);
    SECTION("a wrong byte in a list") {
        (*text)[300] = static_cast<char>((*text)[300] ^ 1);
    }
    SECTION("a list that ends early") {
        text->resize(100);
    }
    SECTION("another kind of file") {
        (*text)[3] = 'X';
    }
    REQUIRE_OK(util::write_atomic(*scene.fs, lists, util::as_bytes(*text)));
    scene.open_memo();
    CHECK(scene.memo->xorbs(scene.cas.server.url() + "/cas").size() == 1);
    scene.cas.has_queries = false;
    scene.write("big.bin", big + "more");
    const auto result = scene.push();
    CHECK(result.totals.known_bytes == 0);
    CHECK(scene.cas.content_of("big.bin") == big + "more");
}

TEST_CASE("runs too short to be worth it are sent again", "[transfer]") {
    transfer::DedupIndex index;
    std::vector<xet::Leaf> known;
    std::vector<xet::Leaf> mixed;
    for (std::uint8_t i = 0; i < 250; ++i) {
        known.push_back({xet::chunk_hash(std::array{i}), 10});
        mixed.push_back(known.back());
        mixed.push_back({xet::chunk_hash(std::array{i, i}), 10});
    }
    index.add_xorb(xet::merkle_root(known), known);
    transfer::XorbPacker packer(index);
    const auto packed = packer.pack(0, mixed);
    CHECK(packed.known_bytes + packed.new_bytes == 5000);
    CHECK(packed.known_bytes > 0);
    CHECK(packed.known_bytes < 1000); // the first 128 terms are free
    const auto whole = packer.pack(1, known);
    CHECK(whole.terms.size() == 1);
    CHECK(whole.new_bytes == 0);
}

TEST_CASE("a plan is carried out exactly, or not at all", "[transfer]") {
    XetScene scene;
    const std::string big = random_text(kMegabyte + 5, 10);
    scene.write("big.bin", big);
    scene.write("small.txt", "hello");
    auto plan = transfer::plan_push(scene.client.ctx, scene.tools(), scene.request);
    REQUIRE_OK(plan);
    const auto json =
        transfer::print_push_plan(*scene.fs, {"http://hub", scene.request, std::move(*plan)});
    REQUIRE_OK(json);
    auto planned = transfer::parse_push_plan(*json);
    REQUIRE_OK(planned);
    CHECK(planned->endpoint == "http://hub");
    CHECK(planned->request.title == "T");
    const auto renew = [&] {
        return transfer::renew_push_plan(scene.client.ctx, scene.tools(), *planned);
    };
    SECTION("nothing changed") {
        REQUIRE_OK(renew());
        const auto result = transfer::run_push(
            scene.client.ctx, scene.tools(), planned->request, std::move(planned->plan)
        );
        REQUIRE_OK(result);
        CHECK(scene.cas.content_of("big.bin") == big);
    }
    SECTION("only time stamps changed") {
        scene.write("big.bin", big);
        scene.write("small.txt", "hello");
        REQUIRE_OK(renew());
    }
    SECTION("a large file changed") {
        scene.write("big.bin", random_text(kMegabyte + 5, 11));
        REQUIRE_ERROR(renew(), util::Code::Conflict);
    }
    SECTION("a small file changed") {
        scene.write("small.txt", "hullo");
        REQUIRE_ERROR(renew(), util::Code::Conflict);
    }
    SECTION("a file is gone") {
        REQUIRE_OK(scene.fs->remove(scene.dir.file("src/small.txt")));
        REQUIRE_ERROR(renew(), util::Code::Conflict);
    }
    SECTION("the branch moved") {
        scene.cas.commit = std::string(40, '5');
        REQUIRE_ERROR(renew(), util::Code::Conflict);
    }
    SECTION("another version of the format") {
        util::Json other = *json;
        other.set("format", "push-plan/2");
        REQUIRE_ERROR(transfer::parse_push_plan(other), util::Code::InvalidInput);
    }
    SECTION("a path out of the repository") {
        util::Json other = *json;
        (*other.find("files")->as_array())[0].set("path", "../x");
        REQUIRE_ERROR(transfer::parse_push_plan(other), util::Code::InvalidInput);
    }
}

} // namespace railhub::tests
