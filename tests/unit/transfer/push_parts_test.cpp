// SPDX-License-Identifier: Apache-2.0
// The parts of a push that need no hub: scan, memo, commit body.
#include "core/transfer/commit_body.h"
#include "core/transfer/push_scan.h"
#include "core/util/text.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"

namespace railhub::tests {

namespace {

struct Folder {
    TempDir dir;
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    TestContext test;

    void write(const std::string& path, std::string_view text) {
        const std::string file = dir.file("src/" + path);
        REQUIRE_OK(fs->make_dirs(util::parent_path(file)));
        REQUIRE_OK(util::write_atomic(*fs, file, util::as_bytes(text)));
    }

    std::vector<std::string> scan(transfer::PushRequest request) {
        request.source = dir.file("src");
        const auto items = transfer::scan_source(test.context(), *fs, request);
        REQUIRE_OK(items);
        std::vector<std::string> paths;
        for (const auto& item : *items) {
            paths.push_back(item.path);
        }
        return paths;
    }
};

using Paths = std::vector<std::string>;

} // namespace

TEST_CASE("a scan leaves bookkeeping out and follows links to files", "[transfer]") {
    Folder folder;
    folder.write("b.txt", "b");
    folder.write("a/c.txt", "c");
    folder.write(".git/config", "no");
    folder.write("a/.git/config", "no");
    folder.write(".cache/huggingface/download/x.metadata", "no");
    folder.write(".cache/other", "yes");
    REQUIRE_OK(folder.fs->make_symlink("b.txt", folder.dir.file("src/link.txt")));
    REQUIRE_OK(folder.fs->make_symlink("a", folder.dir.file("src/folder-link")));
    CHECK(folder.scan({}) == Paths{".cache/other", "a/c.txt", "b.txt", "link.txt"});
    CHECK(folder.scan({.include = {"*.txt"}, .exclude = {"a/"}}) == Paths{"b.txt", "link.txt"});
    CHECK(folder.scan({.path_in_repo = "to", .include = {"b*"}}) == Paths{"to/b.txt"});
}

TEST_CASE("a scan refuses what cannot be a path", "[transfer]") {
    Folder folder;
    folder.write("back\\slash", "x");
    transfer::PushRequest request{.source = folder.dir.file("src")};
    REQUIRE_ERROR(
        transfer::scan_source(folder.test.context(), *folder.fs, request), util::Code::InvalidInput
    );
    request.source = folder.dir.file("nothing");
    REQUIRE_ERROR(
        transfer::scan_source(folder.test.context(), *folder.fs, request), util::Code::NotFound
    );
}

TEST_CASE("a memo survives and skips a line cut off by a kill", "[transfer]") {
    Folder folder;
    const std::string path = folder.dir.file("state/memo.jsonl");
    const transfer::FileStamp stamp{10, 20, 30};
    const util::Sha256 sha256 = util::sha256(util::as_bytes("x"));
    const transfer::PartKey part{sha256, 5, 2, "http://h/part"};
    {
        auto memo = transfer::PushMemo::open(*folder.fs, path);
        REQUIRE_OK(memo);
        REQUIRE_OK(memo->remember_file("a", stamp, {sha256, {}}));
        REQUIRE_OK(memo->remember_part(part, "etag"));
    }
    auto text = util::read_file(*folder.fs, path, 10'000);
    REQUIRE_OK(text);
    REQUIRE_OK(util::write_atomic(*folder.fs, path, util::as_bytes(*text + "{\"file\":\"b\",\"si"))
    );
    auto memo = transfer::PushMemo::open(*folder.fs, path);
    REQUIRE_OK(memo);
    CHECK(memo->find_file("a", stamp)->sha256 == sha256);
    CHECK_FALSE(memo->find_file("a", {11, 20, 30}).has_value());
    CHECK_FALSE(memo->find_file("b", stamp).has_value());
    CHECK(memo->etag_of(part) == "etag");
    REQUIRE_OK(memo->settle());
    CHECK(memo->find_file("a", stamp)->sha256 == sha256);
    CHECK_FALSE(memo->etag_of(part).has_value());
    REQUIRE_OK(memo->remember_file("c", stamp, {sha256, {}}));
    auto again = transfer::PushMemo::open(*folder.fs, path);
    REQUIRE_OK(again);
    CHECK(again->find_file("a", stamp)->sha256 == sha256);
    CHECK(again->find_file("c", stamp)->sha256 == sha256);
}

TEST_CASE("a commit body has a line per operation", "[transfer]") {
    Folder folder;
    folder.write("small.txt", "hello");
    const types::BlobRef blob{util::sha256(util::as_bytes("large")), 5};
    transfer::PushRequest request{.title = "Title", .description = "More"};
    transfer::PushPlan plan;
    plan.tip = std::string(40, 'a');
    plan.deletions = {"old.txt"};
    plan.items = {
        {folder.dir.file("src/small.txt"), "small.txt", {}, transfer::PushState::Inline, {}},
        {"same", "same.txt", {}, transfer::PushState::Unchanged, {}},
        {"large", "large.bin", {}, transfer::PushState::Known, blob}};
    const auto body = transfer::commit_body(*folder.fs, request, plan);
    auto reader = body.open();
    REQUIRE_OK(reader);
    const auto text = util::read_all(**reader, 100'000);
    REQUIRE_OK(text);
    const auto lines = util::split(*text, '\n');
    REQUIRE(lines.size() == 5); // the last one is empty
    CHECK(
        lines[0] ==
        R"({"key":"header","value":{"summary":"Title","description":"More","parentCommit":")" +
            plan.tip + "\"}}"
    );
    CHECK(lines[1] == R"({"key":"deletedFile","value":{"path":"old.txt"}})");
    CHECK(
        lines[2] ==
        R"({"key":"file","value":{"path":"small.txt","content":"aGVsbG8=","encoding":"base64"}})"
    );
    CHECK(
        lines[3] == R"({"key":"lfsFile","value":{"path":"large.bin","algo":"sha256","oid":")" +
                        blob.sha256.hex() + R"(","size":5}})"
    );
}

} // namespace railhub::tests
