// SPDX-License-Identifier: Apache-2.0
// Tests of core/util/fs on the real disk, and of the functions over any Fs.
#include "core/util/fs.h"
#include "tests/support/catch.h"
#include "tests/support/fault_fs.h"
#include "tests/support/temp_dir.h"

#include <sys/stat.h>
#include <unistd.h>

namespace railhub::util {

namespace {

using tests::FaultFs;
using tests::TempDir;

mode_t mode_of(const std::string& path) {
    struct stat status {};

    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

} // namespace

TEST_CASE("a file holds what is written where it is written", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    const auto file = fs->open(dir.file("a"), OpenMode::ReadWriteCreate);
    REQUIRE_OK(file);
    REQUIRE_OK((*file)->write_at(3, as_bytes("def")));
    REQUIRE_OK((*file)->write_at(0, as_bytes("abc")));
    REQUIRE_OK((*file)->sync());
    CHECK((*file)->size().value() == 6);
    CHECK((*file)->fd() >= 0);
    Bytes bytes(10);
    CHECK((*file)->read_at(1, bytes).value() == 5);
    CHECK(as_text(ByteView(bytes).first(5)) == "bcdef");
    CHECK((*file)->read_at(6, bytes).value() == 0);
    REQUIRE_OK((*file)->truncate(2));
    CHECK(read_file(*fs, dir.file("a"), 100).value() == "ab");
}

TEST_CASE("open modes create or refuse as they say", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_ERROR(fs->open(dir.file("a"), OpenMode::Read), Code::NotFound);
    REQUIRE_OK(fs->open(dir.file("a"), OpenMode::CreateNew));
    REQUIRE_ERROR(fs->open(dir.file("a"), OpenMode::CreateNew), Code::AlreadyExists);
    REQUIRE_OK(fs->open(dir.file("a"), OpenMode::ReadWriteCreate));
    const auto read_only = fs->open(dir.file("a"), OpenMode::Read);
    REQUIRE_OK(read_only);
    CHECK_FALSE((*read_only)->write_at(0, as_bytes("x")).ok());
    REQUIRE_OK(fs->open(dir.file("p"), OpenMode::CreateNewPrivate));
    CHECK(mode_of(dir.file("p")) == 0600);
}

TEST_CASE("folders are made with their parents, and making them twice is no error", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_OK(fs->make_dirs(dir.file("a/b/c")));
    REQUIRE_OK(fs->make_dirs(dir.file("a/b/c")));
    REQUIRE_OK(fs->make_dirs(dir.file("a//d/")));
    CHECK(fs->info(dir.file("a/b/c"))->value().is_directory);
    CHECK(fs->list(dir.file("a")).value() == std::vector<std::string>{"b", "d"});
    REQUIRE_OK(write_atomic(*fs, dir.file("file"), {}));
    REQUIRE_ERROR(fs->make_dirs(dir.file("file")), Code::AlreadyExists);
    CHECK_FALSE(fs->make_dirs(dir.file("file/x")).ok());
}

TEST_CASE("info tells kinds apart and does not follow links", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_OK(write_atomic(*fs, dir.file("a"), as_bytes("abc")));
    REQUIRE_OK(fs->make_symlink("a", dir.file("link")));
    REQUIRE_ERROR(fs->make_symlink("a", dir.file("link")), Code::AlreadyExists);
    CHECK(fs->info(dir.file("a"))->value().size == 3);
    CHECK(fs->info(dir.file("a"))->value().modified_ns > 0);
    CHECK(fs->info(dir.file("link"))->value().is_symlink);
    CHECK(read_file(*fs, dir.file("link"), 10).value() == "abc");
    CHECK_FALSE(fs->info(dir.file("none"))->has_value());
    CHECK_FALSE(fs->info(dir.file("a/none"))->has_value());
}

TEST_CASE("rename replaces, remove takes files and empty folders", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_OK(write_atomic(*fs, dir.file("a"), as_bytes("new")));
    REQUIRE_OK(write_atomic(*fs, dir.file("b"), as_bytes("old")));
    REQUIRE_OK(fs->rename(dir.file("a"), dir.file("b")));
    CHECK(read_file(*fs, dir.file("b"), 10).value() == "new");
    REQUIRE_ERROR(fs->rename(dir.file("a"), dir.file("b")), Code::NotFound);
    REQUIRE_OK(fs->make_dirs(dir.file("d/e")));
    REQUIRE_ERROR(fs->remove(dir.file("d")), Code::AlreadyExists);
    REQUIRE_OK(fs->remove(dir.file("d/e")));
    REQUIRE_OK(fs->remove(dir.file("b")));
    REQUIRE_ERROR(fs->remove(dir.file("b")), Code::NotFound);
}

TEST_CASE("removing a tree leaves what its links point at", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_OK(fs->make_dirs(dir.file("tree/sub")));
    REQUIRE_OK(write_atomic(*fs, dir.file("kept"), as_bytes("x")));
    REQUIRE_OK(fs->make_symlink(dir.file("kept"), dir.file("tree/sub/link")));
    REQUIRE_OK(fs->remove_tree(dir.file("tree")));
    REQUIRE_OK(fs->remove_tree(dir.file("tree")));
    CHECK_FALSE(fs->info(dir.file("tree"))->has_value());
    CHECK(read_file(*fs, dir.file("kept"), 10).value() == "x");
}

TEST_CASE("reading a whole file respects the limit", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_OK(write_atomic(*fs, dir.file("a"), as_bytes("12345")));
    CHECK(read_file(*fs, dir.file("a"), 5).value() == "12345");
    REQUIRE_ERROR(read_file(*fs, dir.file("a"), 4), Code::TooLarge);
    REQUIRE_ERROR(read_file(*fs, dir.file("b"), 4), Code::NotFound);
}

TEST_CASE("an atomic write is private when asked and leaves no temporary", "[util][fs]") {
    const TempDir dir;
    const auto fs = make_posix_fs();
    REQUIRE_OK(write_atomic(*fs, dir.file("token"), as_bytes("x"), FileAccess::OwnerOnly));
    CHECK(mode_of(dir.file("token")) == 0600);
    CHECK(fs->list(dir.path()).value() == std::vector<std::string>{"token"});
    REQUIRE_ERROR(write_atomic(*fs, dir.file("no/file"), as_bytes("x")), Code::NotFound);
}

TEST_CASE("a full disk is told as such", "[util][fs]") {
    const auto fs = make_posix_fs();
    const auto file = fs->open("/dev/full", OpenMode::ReadWriteCreate);
    if (!file.ok()) {
        RAILHUB_SKIP("no /dev/full here");
    }
    const auto written = (*file)->write_at(0, as_bytes("x"));
    REQUIRE_FALSE(written.ok());
    CHECK(written.error().reason == kReasonNoSpace);
}

TEST_CASE("after a failed sync a file refuses to go on", "[util][fs]") {
    // A pipe cannot be synced: the one failure of fsync that can be had without a broken disk.
    const TempDir dir;
    REQUIRE(::mkfifo(dir.file("pipe").c_str(), 0600) == 0);
    const auto fs = make_posix_fs();
    const auto file = fs->open(dir.file("pipe"), OpenMode::ReadWriteCreate);
    REQUIRE_OK(file);
    REQUIRE_FALSE((*file)->sync().ok());
    const auto again = (*file)->sync();
    REQUIRE_FALSE(again.ok());
    CHECK_THAT(again.error().message, ContainsSubstring("after a failed sync"));
    CHECK_FALSE((*file)->write_at(0, as_bytes("x")).ok());
    CHECK_FALSE((*file)->truncate(0).ok());
}

TEST_CASE("an atomic write that fails at any step leaves the old file whole", "[util][fs]") {
    FaultFs probe;
    REQUIRE_OK(write_atomic(probe, "/f", as_bytes("old")));
    const std::uint64_t steps = probe.steps();
    for (const auto fault : {tests::Fault::Fail, tests::Fault::PowerLoss, tests::Fault::DiskFull}) {
        for (std::uint64_t step = 1; step <= steps; ++step) {
            FaultFs fs;
            REQUIRE_OK(write_atomic(fs, "/f", as_bytes("old")));
            fs.arm(fault, step);
            const bool is_done = write_atomic(fs, "/f", as_bytes("new")).ok();
            CHECK_FALSE(is_done);
            fs.restart();
            const std::string text = read_file(fs, "/f", 10).value();
            INFO("step " << step);
            CHECK((text == "old" || text == "new"));
        }
    }
}

TEST_CASE("an acknowledged atomic write survives a power cut", "[util][fs]") {
    FaultFs fs;
    REQUIRE_OK(fs.make_dirs("/a/b"));
    REQUIRE_OK(write_atomic(fs, "/a/b/f", as_bytes("kept")));
    fs.restart();
    CHECK(read_file(fs, "/a/b/f", 10).value() == "kept");
    CHECK(fs.files() == std::vector<std::string>{"/a/b/f"});
}

TEST_CASE("paths split into parents and join again", "[util][fs]") {
    CHECK(parent_path("/a/b") == "/a");
    CHECK(parent_path("/a/b/") == "/a");
    CHECK(parent_path("/a//b") == "/a");
    CHECK(parent_path("/a") == "/");
    CHECK(parent_path("/") == "/");
    CHECK(parent_path("a") == ".");
    CHECK(parent_path("") == ".");
    CHECK(join_path("a", "b") == "a/b");
    CHECK(join_path("a/", "b") == "a/b");
    CHECK(join_path("", "b") == "b");
    CHECK(join_path("/", "b") == "/b");
}

} // namespace railhub::util
