// SPDX-License-Identifier: Apache-2.0
// Pushes through Xet against a server that checks everything.
#include "core/transfer/file_scan.h"
#include "core/transfer/push.h"
#include "core/util/text.h"
#include "core/xet/chunker.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/transfer/local_cas.h"

namespace railhub::tests {

namespace {

std::string random_text(std::size_t size, std::uint64_t seed) {
    FixedRandom random(seed);
    std::string text(size, '\0');
    random.fill({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text;
}

constexpr std::size_t kMegabyte = 1'000'000;

// A folder, a hub, and what a push needs.
struct Scene {
    LocalCas cas;
    TempDir dir;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    Client client{cas.server.url(), "hub-token"};
    std::unique_ptr<transfer::PushMemo> memo;
    transfer::PushRequest request{
        .id = {types::RepoKind::Model, "ada", "model"}, .source = dir.file("src"), .title = "T"};

    Scene() { open_memo(); }

    // As the next program finds it.
    void open_memo() {
        memo = std::make_unique<transfer::PushMemo>(
            std::move(transfer::PushMemo::open(*fs, dir.file("memo.jsonl"))).value()
        );
    }

    void write(const std::string& path, std::string_view text) {
        const std::string file = dir.file("src/" + path);
        REQUIRE_OK(fs->make_dirs(util::parent_path(file)));
        REQUIRE_OK(util::write_atomic(*fs, file, util::as_bytes(text)));
    }

    util::Result<transfer::PushResult> try_push() {
        const transfer::PushTools tools{client.hub, *fs, *memo, client.random};
        RAILHUB_TRY(auto plan, transfer::plan_push(client.ctx, tools, request));
        return transfer::run_push(client.ctx, tools, request, std::move(plan));
    }

    transfer::PushResult push() {
        auto result = try_push();
        REQUIRE_OK(result);
        return *result;
    }

    std::uint64_t received() {
        const std::lock_guard lock(cas.mutex);
        return cas.xorb_bytes;
    }
};

} // namespace

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
    Scene scene;
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
    Scene scene;
    scene.cas.has_xet = false;
    scene.write("big.bin", "x");
    const transfer::PushTools tools{scene.client.hub, *scene.fs, *scene.memo, scene.client.random};
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
    Scene scene;
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
    Scene scene;
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
    Scene scene;
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
    Scene scene;
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
    Scene scene;
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
    Scene scene;
    scene.write("big.bin", random_text(kMegabyte, 8));
    scene.cas.failing_xorbs = 100;
    const auto result = scene.try_push();
    REQUIRE_ERROR(result, util::Code::InvalidInput);
    CHECK(result.error().message.find("a bad xorb") != std::string::npos);
}

} // namespace railhub::tests
