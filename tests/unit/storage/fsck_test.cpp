// SPDX-License-Identifier: Apache-2.0
// Tests of core/storage/fsck.
#include "core/storage/fsck.h"
#include "core/storage/layout.h"
#include "core/storage/local_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <filesystem>
#include <fstream>

namespace railhub::storage {

namespace {

bool mentions(const FsckReport& report, const std::string& text) {
    for (const std::string& line : report.findings) {
        if (line.find(text) != std::string::npos) {
            return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("fsck: finds damage, wrong names and foreign files, and says how to mend it") {
    tests::TempDir folder;
    tests::TestContext world;
    const auto ctx = world.context();
    const auto fs = util::make_posix_fs();
    const auto store = tests::value(open_local_store(ctx, *fs, folder.path()));
    const StoreLayout layout{folder.path()};
    Blobs blobs(*store);
    const auto put = [&](const std::string& text) {
        const auto writer = tests::value(blobs.begin(ctx, text.size()));
        tests::value(writer->write(util::as_bytes(text)));
        return tests::value(writer->commit(std::nullopt)).sha256;
    };
    put("sound");
    const util::Sha256 damaged = put("damaged");
    const util::Sha256 emptied = put("emptied");
    std::filesystem::create_directories(layout.object("packs/repo"));
    std::ofstream(layout.object("packs/repo/wants")) << "a cached pack is no blob";
    {
        const auto report = tests::value(fsck(ctx, blobs, FsckDepth::Data));
        CHECK(report.blobs == 3);
        CHECK(report.bytes == 19);
        CHECK(report.findings.empty());
        CHECK(report.packs == 1);
        CHECK(report.mended.size() == 1); // no checksum: damaged, and not needed
        CHECK_FALSE(std::filesystem::exists(layout.object("packs/repo/wants")));
    }
    std::ofstream(layout.object(blob_key(damaged))) << "dam4ged";
    std::ofstream(layout.object(blob_key(emptied)), std::ios::trunc).flush();
    std::ofstream(layout.object("blobs/README")) << "hello";
    std::ofstream(layout.object("blobs/ab.txt")) << "hello";
    std::filesystem::create_symlink("/etc/passwd", layout.object("blobs/link"));

    const auto quick = tests::value(fsck(ctx, blobs, FsckDepth::Structure));
    CHECK(mentions(quick, emptied.hex()));
    CHECK(mentions(quick, "README"));
    CHECK(mentions(quick, "ab.txt"));
    CHECK(mentions(quick, "link"));
    CHECK_FALSE(mentions(quick, damaged.hex()));
    const auto deep = tests::value(fsck(ctx, blobs, FsckDepth::Data));
    CHECK(mentions(deep, damaged.hex()));
    CHECK(mentions(deep, emptied.hex()));
    CHECK(deep.findings.size() == 5);
    world.stop.request_stop();
    REQUIRE_ERROR(fsck(world.context(), blobs, FsckDepth::Data), util::Code::Cancelled);
}

} // namespace railhub::storage
