// SPDX-License-Identifier: Apache-2.0
// Tests of the fault-injecting disk: it must be as cruel as a real one may be, and no crueller.
#include "tests/support/catch.h"
#include "tests/support/fault_fs.h"

namespace railhub::tests {

using util::as_bytes;
using util::Code;
using util::OpenMode;

TEST_CASE("unsynced contents are gone after a power cut", "[support][fault_fs]") {
    FaultFs fs;
    auto file = fs.open("/f", OpenMode::CreateNew);
    REQUIRE_OK(file);
    REQUIRE_OK((*file)->write_at(0, as_bytes("kept")));
    REQUIRE_OK((*file)->sync());
    REQUIRE_OK(fs.sync_dir("/"));
    REQUIRE_OK((*file)->write_at(4, as_bytes(" lost")));
    CHECK(util::read_file(fs, "/f", 100).value() == "kept lost");
    fs.restart();
    CHECK(util::read_file(fs, "/f", 100).value() == "kept");
    CHECK_FALSE((*file)->write_at(0, as_bytes("x")).ok());
}

TEST_CASE("a name is gone after a power cut unless its folder was synced", "[support][fault_fs]") {
    FaultFs fs;
    REQUIRE_OK((*fs.open("/f", OpenMode::CreateNew))->sync());
    REQUIRE_OK(fs.sync_dir("/"));
    REQUIRE_OK(fs.rename("/f", "/g"));
    CHECK(fs.files() == std::vector<std::string>{"/g"});
    fs.restart();
    CHECK(fs.files() == std::vector<std::string>{"/f"});
    REQUIRE_OK(fs.remove("/f"));
    fs.restart();
    CHECK(fs.files() == std::vector<std::string>{"/f"});
}

TEST_CASE("what a failed sync lost no later sync brings back", "[support][fault_fs]") {
    FaultFs fs;
    const auto file = fs.open("/f", OpenMode::CreateNew);
    REQUIRE_OK(fs.sync_dir("/"));
    REQUIRE_OK((*file)->write_at(0, as_bytes("x")));
    fs.arm(Fault::Fail, 1);
    CHECK_FALSE((*file)->sync().ok());
    CHECK((*file)->sync().ok());
    fs.restart();
    CHECK(util::read_file(fs, "/f", 100)->empty());
}

TEST_CASE("a fault hits the step it was armed for", "[support][fault_fs]") {
    FaultFs fs;
    const auto file = fs.open("/f", OpenMode::CreateNew);
    fs.arm(Fault::Fail, 2);
    CHECK((*file)->write_at(0, as_bytes("a")).ok());
    CHECK_FALSE((*file)->write_at(1, as_bytes("b")).ok());
    CHECK((*file)->write_at(1, as_bytes("c")).ok());
    CHECK(util::read_file(fs, "/f", 100).value() == "ac");
    fs.arm(Fault::PowerLoss, 1);
    CHECK_FALSE((*file)->write_at(0, as_bytes("d")).ok());
    CHECK_FALSE(util::read_file(fs, "/f", 100).ok());
}

TEST_CASE("a full disk reads and removes", "[support][fault_fs]") {
    FaultFs fs;
    REQUIRE_OK(util::write_atomic(fs, "/f", as_bytes("x")));
    fs.arm(Fault::DiskFull, 1);
    const auto written = util::write_atomic(fs, "/g", as_bytes("y"));
    REQUIRE_FALSE(written.ok());
    CHECK(written.error().reason == util::kReasonNoSpace);
    CHECK(util::read_file(fs, "/f", 10).ok());
    CHECK(fs.remove("/f").ok());
}

TEST_CASE("the failing disk fails every call", "[support][fault_fs]") {
    const auto fs = FaultFs::always_failing();
    CHECK_FALSE(fs->open("/f", OpenMode::Read).ok());
    CHECK_FALSE(fs->info("/f").ok());
    CHECK_FALSE(fs->list("/").ok());
    CHECK_FALSE(fs->make_dirs("/a").ok());
}

TEST_CASE("errors are those of a real disk", "[support][fault_fs]") {
    FaultFs fs;
    REQUIRE_ERROR(fs.open("/no/f", OpenMode::CreateNew), Code::NotFound);
    REQUIRE_OK(fs.make_dirs("/a/b"));
    REQUIRE_ERROR(fs.remove("/a"), Code::AlreadyExists);
    REQUIRE_ERROR(fs.remove("/x"), Code::NotFound);
    REQUIRE_ERROR(fs.rename("/x", "/y"), Code::NotFound);
    REQUIRE_OK(fs.make_symlink("target", "/a/link"));
    CHECK(fs.info("/a/link")->value().is_symlink);
    CHECK(fs.list("/a").value() == std::vector<std::string>{"b", "link"});
    REQUIRE_OK(fs.remove_tree("/a"));
    CHECK(fs.files().empty());
}

} // namespace railhub::tests
