// SPDX-License-Identifier: Apache-2.0
// What is the local store's own: mappings, leftovers, its format file.
#include "core/storage/layout.h"
#include "core/storage/local_store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sys/file.h>

namespace railhub::storage {

namespace {

struct LocalFixture {
    tests::TempDir folder;
    tests::TestContext world;
    util::Context ctx = world.context();
    std::unique_ptr<util::Fs> fs = util::make_posix_fs();
    StoreLayout layout{folder.path()};

    std::unique_ptr<ObjectStore> open(const LocalStoreOptions& options = {}) {
        return tests::value(open_local_store(ctx, *fs, folder.path(), options));
    }

    void put(ObjectStore& store, const std::string& key, std::size_t size) {
        const auto writer = tests::value(store.begin(ctx, size));
        tests::value(writer->write(util::Bytes(size, 7)));
        tests::value(writer->publish(key));
    }

    // As the wall clock of the test has it.
    void set_age(const std::string& path, std::chrono::hours age) {
        const auto now = world.clock.now() - age;
        const auto sys = std::chrono::time_point_cast<std::chrono::nanoseconds>(now);
        std::filesystem::last_write_time(
            path, std::filesystem::file_time_type::clock::from_sys(sys)
        );
    }
};

} // namespace

TEST_CASE("local store: a hot object has one mapping") {
    LocalFixture hub;
    const auto store = hub.open();
    hub.put(*store, "k", 100'000);
    const auto one = tests::value(store->open(hub.ctx, "k"));
    const auto two = tests::value(store->open(hub.ctx, "k"));
    REQUIRE(one->mapped().size() == 100'000);
    CHECK(one->mapped().data() == two->mapped().data());
    CHECK(one->mapped()[99'999] == 7);
    CHECK(one->fd() >= 0);
}

TEST_CASE("local store: few files stay open, all can be read") {
    LocalFixture hub;
    const auto store = hub.open({.open_objects = 2});
    std::vector<std::shared_ptr<ObjectReader>> readers;
    for (int i = 0; i < 10; ++i) {
        hub.put(*store, "k" + std::to_string(i), 10);
        readers.push_back(tests::value(store->open(hub.ctx, "k" + std::to_string(i))));
    }
    for (const auto& reader : readers) {
        CHECK(reader->mapped().size() == 10);
    }
    readers.clear();
    const auto open_files = std::distance(
        std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()
    );
    CHECK(open_files < 20);
}

TEST_CASE("local store: leftovers of a crash go when old and used by nobody") {
    LocalFixture hub;
    hub.open();
    const auto leave = [&](const std::string& name, std::chrono::hours age) {
        const std::string path = hub.layout.temporary(name);
        std::ofstream(path) << "half";
        hub.set_age(path, age);
        return path;
    };
    const std::string old = leave("old", std::chrono::hours(2));
    const std::string fresh = leave("fresh", std::chrono::hours(0));
    const std::string used = leave("used", std::chrono::hours(2));
    const auto held = tests::value(hub.fs->open(used, util::OpenMode::Read));
    REQUIRE(::flock(held->fd(), LOCK_EX | LOCK_NB) == 0);
    hub.open();
    CHECK_FALSE(std::filesystem::exists(old));
    CHECK(std::filesystem::exists(fresh));
    CHECK(std::filesystem::exists(used));
    CHECK(hub.world.log.lines().size() == 1);
}

TEST_CASE("local store: a running upload is safe from a second store's sweep") {
    LocalFixture hub;
    const auto store = hub.open();
    const auto writer = tests::value(store->begin(hub.ctx, 0));
    tests::value(writer->write(util::Bytes(3 << 20, 1)));
    hub.world.clock.advance(std::chrono::hours(24 * 365 * 100));
    hub.open();
    tests::value(writer->publish("k"));
    CHECK(tests::value(store->size(hub.ctx, "k")) == std::uint64_t{3} << 20);
}

TEST_CASE("local store: a newer format is refused, a foreign folder too") {
    LocalFixture hub;
    hub.open();
    std::ofstream(hub.layout.format_file()) << "railhub-store 2\n";
    const auto newer = open_local_store(hub.ctx, *hub.fs, hub.folder.path());
    REQUIRE_ERROR(newer, util::Code::Conflict);
    CHECK(util::to_line(newer.error()).find("format 2") != std::string::npos);
    std::ofstream(hub.layout.format_file()) << "something else\n";
    REQUIRE_ERROR(open_local_store(hub.ctx, *hub.fs, hub.folder.path()), util::Code::Corrupt);
}

TEST_CASE("local store: what does not fit fails early and leaves nothing") {
    LocalFixture hub;
    const auto store = hub.open();
    {
        const auto writer = tests::value(store->begin(hub.ctx, std::uint64_t{1} << 60));
        CHECK_FALSE(writer->write(util::Bytes(2 << 20)).ok());
    }
    CHECK(std::filesystem::is_empty(hub.layout.temporaries()));
    hub.put(*store, "goes-on", 10);
}

TEST_CASE("local store: a folder is no object") {
    LocalFixture hub;
    const auto store = hub.open();
    hub.put(*store, "a/b", 1);
    REQUIRE_ERROR(store->open(hub.ctx, "a"), util::Code::NotFound);
    CHECK_FALSE(tests::value(store->size(hub.ctx, "a")).has_value());
}

} // namespace railhub::storage
