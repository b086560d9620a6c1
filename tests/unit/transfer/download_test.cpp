// SPDX-License-Identifier: Apache-2.0
// Tests of core/transfer/download.
#include "core/transfer/partial_file.h"
#include "core/transfer/pull.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/transfer/local_hub.h"

#include <thread>

namespace railhub::tests {

namespace {

constexpr std::size_t kPiece = 64 << 10;

struct Bench {
    LocalHub hub;
    TempDir dir;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();

    transfer::PullRequest request() {
        transfer::PullRequest wanted;
        wanted.id = {types::RepoKind::Model, "ada", "model"};
        wanted.cache_folder = dir.file("cache");
        wanted.download.piece_size = kPiece;
        return wanted;
    }

    util::Result<transfer::PullPlan> pull(const transfer::PullRequest& wanted) {
        Client client(hub.server.url());
        RAILHUB_TRY(auto plan, transfer::plan_pull(client.ctx, client.hub, *fs, wanted));
        RAILHUB_TRY(transfer::run_pull(client.ctx, client.hub, client.random, *fs, wanted, plan));
        return plan;
    }

    std::string snapshot(const std::string& path) {
        return dir.file(
            "cache/models--ada--model/snapshots/" + std::string(LocalHub::kCommit) + "/" + path
        );
    }

    std::string read(const std::string& path) {
        auto text = util::read_file(*fs, path, 1 << 30);
        REQUIRE_OK(text);
        return *text;
    }

    std::vector<std::string> blobs() {
        auto names = fs->list(dir.file("cache/models--ada--model/blobs"));
        REQUIRE_OK(names);
        return *names;
    }
};

} // namespace

TEST_CASE("a pull fills the cache that other tools read", "[transfer]") {
    Bench bench;
    const std::string large = pattern(5 * kPiece + 123);
    bench.hub.add_large("weights/model.bin", large);
    bench.hub.add_small("README.md", "# hello\n");
    bench.hub.add_small("copy.md", "# hello\n");
    bench.hub.add_small("empty.txt", "");
    REQUIRE_OK(bench.pull(bench.request()));
    CHECK(bench.read(bench.snapshot("weights/model.bin")) == large);
    CHECK(bench.read(bench.snapshot("README.md")) == "# hello\n");
    CHECK(bench.read(bench.snapshot("copy.md")) == "# hello\n");
    CHECK(bench.read(bench.snapshot("empty.txt")).empty());
    CHECK(bench.read(bench.dir.file("cache/models--ada--model/refs/main")) == LocalHub::kCommit);
    CHECK(bench.blobs().size() == 3); // two paths share one content; no leftovers
    CHECK(bench.hub.gets() == 7);     // six pieces, one small file, none for the empty one
}

TEST_CASE("a second pull fetches nothing", "[transfer]") {
    Bench bench;
    bench.hub.add_large("a.bin", pattern(3 * kPiece));
    REQUIRE_OK(bench.pull(bench.request()));
    const int gets = bench.hub.gets();
    const auto plan = bench.pull(bench.request());
    REQUIRE_OK(plan);
    CHECK(plan->fetch_bytes() == 0);
    CHECK(bench.hub.gets() == gets);
}

TEST_CASE("a pull offline gives what the cache has", "[transfer]") {
    Bench bench;
    bench.hub.add_small("README.md", "x");
    REQUIRE_ERROR(transfer::plan_offline(*bench.fs, bench.request()), util::Code::NotFound);
    REQUIRE_OK(bench.pull(bench.request()));
    const auto plan = transfer::plan_offline(*bench.fs, bench.request());
    REQUIRE_OK(plan);
    CHECK(plan->items.size() == 1);
    CHECK(plan->commit == LocalHub::kCommit);
}

TEST_CASE("a pull takes what is asked for", "[transfer]") {
    Bench bench;
    bench.hub.add_small("a.txt", "a");
    bench.hub.add_small("data/b.txt", "b");
    bench.hub.add_small("data/c.bin", "c");
    auto wanted = bench.request();
    wanted.include = {"data/"};
    wanted.exclude = {"*.bin"};
    const auto plan = bench.pull(wanted);
    REQUIRE_OK(plan);
    REQUIRE(plan->items.size() == 1);
    CHECK(plan->items.front().entry.path == "data/b.txt");
}

TEST_CASE("a named file that is absent is remembered as absent", "[transfer]") {
    Bench bench;
    bench.hub.add_small("a.txt", "a");
    auto wanted = bench.request();
    wanted.files = {"b/c.txt"};
    REQUIRE_ERROR(bench.pull(wanted), util::Code::NotFound);
    const auto marker = bench.fs->info(bench.dir.file(
        "cache/models--ada--model/.no_exist/" + std::string(LocalHub::kCommit) + "/b/c.txt"
    ));
    REQUIRE_OK(marker);
    CHECK(marker->has_value());
}

TEST_CASE("a pull goes on after broken and refused answers", "[transfer]") {
    Bench bench;
    const std::string large = pattern(4 * kPiece);
    bench.hub.add_large("a.bin", large);
    bench.hub.cuts = 3;
    bench.hub.refusals = 2;
    REQUIRE_OK(bench.pull(bench.request()));
    CHECK(bench.read(bench.snapshot("a.bin")) == large);
}

TEST_CASE("a pull works with servers that ignore ranges", "[transfer]") {
    Bench bench;
    const std::string large = pattern(3 * kPiece + 7);
    bench.hub.add_large("a.bin", large);
    bench.hub.ignores_range = true;
    REQUIRE_OK(bench.pull(bench.request()));
    CHECK(bench.read(bench.snapshot("a.bin")) == large);
}

TEST_CASE("damaged bytes are fetched once more", "[transfer]") {
    Bench bench;
    const std::string large = pattern(3 * kPiece);
    bench.hub.add_large("a.bin", large);
    bench.hub.corruptions = 1;
    REQUIRE_OK(bench.pull(bench.request()));
    CHECK(bench.read(bench.snapshot("a.bin")) == large);
}

TEST_CASE("bytes that stay wrong are never given a name", "[transfer]") {
    Bench bench;
    bench.hub.add_large("a.bin", pattern(3 * kPiece));
    bench.hub.add_small("b.txt", "small");
    bench.hub.corruptions = 1000;
    REQUIRE_ERROR(bench.pull(bench.request()), util::Code::Corrupt);
    for (const auto& name : bench.blobs()) { // what another worker had begun may go on later
        CHECK_THAT(name, ContainsSubstring(".incomplete"));
    }
    const auto link = bench.fs->info(bench.snapshot("a.bin"));
    REQUIRE_OK(link);
    CHECK_FALSE(link->has_value());
}

TEST_CASE("a pull goes on where an earlier one stopped", "[transfer]") {
    Bench bench;
    const std::string large = pattern(6 * kPiece, 3);
    bench.hub.add_large("a.bin", large);
    const util::Sha256 sha256 = util::sha256(util::as_bytes(large));
    const std::string partial =
        bench.dir.file("cache/models--ada--model/blobs/" + sha256.hex() + ".incomplete");
    const transfer::ContentId content{large.size(), sha256, ""};
    {
        auto file = transfer::PartialFile::open(*bench.fs, partial, content, kPiece);
        REQUIRE_OK(file);
        for (const std::size_t piece : {0U, 1U, 4U}) {
            const std::size_t at = piece * kPiece;
            REQUIRE_OK(
                (*file)->write(at, util::as_bytes(std::string_view(large).substr(at, kPiece)))
            );
            REQUIRE_OK((*file)->piece_done(piece));
        }
    }
    REQUIRE_OK(bench.pull(bench.request()));
    CHECK(bench.hub.gets() == 3);
    CHECK(bench.read(bench.snapshot("a.bin")) == large);
}

TEST_CASE("a damaged start of an earlier pull is not trusted", "[transfer]") {
    Bench bench;
    const std::string large = pattern(4 * kPiece, 4);
    bench.hub.add_large("a.bin", large);
    const util::Sha256 sha256 = util::sha256(util::as_bytes(large));
    const std::string partial =
        bench.dir.file("cache/models--ada--model/blobs/" + sha256.hex() + ".incomplete");
    {
        auto file =
            transfer::PartialFile::open(*bench.fs, partial, {large.size(), sha256, ""}, kPiece);
        REQUIRE_OK(file);
        REQUIRE_OK((*file)->write(0, util::as_bytes(std::string_view("not what it should be"))));
        REQUIRE_OK((*file)->piece_done(0));
    }
    REQUIRE_OK(bench.pull(bench.request()));
    CHECK(bench.read(bench.snapshot("a.bin")) == large);
}

TEST_CASE("two pulls at once fetch each file once", "[transfer]") {
    Bench bench;
    const std::string large = pattern(20 * kPiece);
    bench.hub.add_large("a.bin", large);
    bench.hub.add_small("b.txt", "small");
    const auto wanted = bench.request();
    std::vector<std::string> problems(2);
    std::vector<std::thread> pulls;
    for (auto& problem : problems) {
        pulls.emplace_back([&bench, &wanted, &problem] {
            const auto done = bench.pull(wanted);
            problem = done.ok() ? "" : util::to_line(done.error());
        });
    }
    for (auto& pull : pulls) {
        pull.join();
    }
    CHECK(problems == std::vector<std::string>{"", ""});
    CHECK(bench.read(bench.snapshot("a.bin")) == large);
    CHECK(bench.hub.gets() == 21);
}

TEST_CASE("a pull into a folder replaces what changed and trusts what did not", "[transfer]") {
    Bench bench;
    bench.hub.add_small("a.txt", "new text");
    bench.hub.add_large("deep/b.bin", pattern(2 * kPiece));
    auto wanted = bench.request();
    wanted.local_folder = bench.dir.file("out");
    REQUIRE_OK(bench.fs->make_dirs(wanted.local_folder));
    REQUIRE_OK(
        util::write_atomic(*bench.fs, bench.dir.file("out/a.txt"), util::as_bytes("old text"))
    );
    REQUIRE_OK(bench.pull(wanted));
    CHECK(bench.read(bench.dir.file("out/a.txt")) == "new text");
    CHECK(bench.read(bench.dir.file("out/deep/b.bin")) == pattern(2 * kPiece));
    const int gets = bench.hub.gets();
    REQUIRE_OK(bench.pull(wanted));
    CHECK(bench.hub.gets() == gets);
    const std::string metadata =
        bench.read(bench.dir.file("out/.cache/huggingface/download/a.txt.metadata"));
    CHECK(metadata.starts_with(std::string(LocalHub::kCommit) + "\n"));
}

TEST_CASE("a pull of what is not there says so", "[transfer]") {
    Bench bench;
    bench.hub.is_gone = true;
    const auto pulled = bench.pull(bench.request());
    REQUIRE_ERROR(pulled, util::Code::NotFound);
    CHECK(pulled.error().reason == "RepoNotFound");
}

} // namespace railhub::tests
