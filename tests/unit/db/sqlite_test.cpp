// SPDX-License-Identifier: Apache-2.0
// What is SQLite's own: files and their modes, other processes, a disk that fails to sync.
#include "core/db/sqlite.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>

namespace railhub::db {

namespace {

constexpr Migration kOneTable[] = {{1, "t", "CREATE TABLE t(x INTEGER)"}};

util::Result<> add_row(const util::Context& ctx, Database& database) {
    RAILHUB_TRY(auto tx, database.begin_write(ctx));
    RAILHUB_TRY(auto insert, tx->prepare("INSERT INTO t VALUES(1)"));
    RAILHUB_TRY(insert.run());
    insert.reset();
    return tx->commit();
}

std::int64_t count_rows(const util::Context& ctx, Database& database) {
    auto tx = tests::value(database.begin_read(ctx));
    auto rows = tests::value(tx->prepare("SELECT count(*) FROM t"));
    REQUIRE(tests::value(rows.step()));
    return rows.integer(0);
}

// A sync that fails while armed; everything else goes to the real file. SQLite's file object is
// kept, only its table of functions is replaced.
std::atomic<bool> sync_fails{false}; // C callbacks have no other way to it

int failing_sync(sqlite3_file* file, int flags);

sqlite3_io_methods failing_methods{};
const sqlite3_io_methods* real_methods = nullptr;

int failing_sync(sqlite3_file* file, int flags) {
    return sync_fails ? SQLITE_IOERR_FSYNC : real_methods->xSync(file, flags);
}

int failing_open(
    sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags
) {
    sqlite3_vfs* real = sqlite3_vfs_find("unix");
    const int code = real->xOpen(real, name, file, flags, out_flags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
        real_methods = file->pMethods;
        failing_methods = *real_methods;
        failing_methods.xSync = failing_sync;
        file->pMethods = &failing_methods;
    }
    return code;
}

// SQLite's default while it lives.
class FailingVfs {
  public:
    FailingVfs() : vfs_(*sqlite3_vfs_find("unix")) {
        vfs_.zName = "failing";
        vfs_.xOpen = failing_open;
        sqlite3_vfs_register(&vfs_, 1);
    }

    ~FailingVfs() { sqlite3_vfs_unregister(&vfs_); }

  private:
    sqlite3_vfs vfs_;
};

} // namespace

TEST_CASE("sqlite: a commit whose sync fails is an error, and nothing is written after it") {
    const FailingVfs vfs;
    tests::TempDir folder;
    tests::TestContext world;
    const auto ctx = world.context();
    const std::string path = folder.file("hub.db");
    auto database = tests::value(open_sqlite(ctx, path, kOneTable));
    tests::value(add_row(ctx, *database));

    sync_fails = true;
    REQUIRE_ERROR(add_row(ctx, *database), util::Code::Io);
    sync_fails = false;
    CHECK(count_rows(ctx, *database) == 1); // reading goes on
    const auto refused = database->begin_write(ctx);
    REQUIRE_ERROR(refused, util::Code::Io);
    CHECK_FALSE(refused.error().hint.empty());

    database.reset();
    database = tests::value(open_sqlite(ctx, path, kOneTable));
    tests::value(add_row(ctx, *database));
    CHECK(count_rows(ctx, *database) == 2);
}

TEST_CASE("sqlite: the file is for its owner alone") {
    tests::TempDir folder;
    tests::TestContext world;
    const std::string path = folder.file("hub.db");
    const auto database = tests::value(open_sqlite(world.context(), path, kOneTable));
    tests::value(add_row(world.context(), *database));
    namespace fs = std::filesystem;
    for (const std::string& file : {path, path + "-wal"}) {
        const auto mode = fs::status(file).permissions();
        CHECK((mode & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
    }
}

TEST_CASE("sqlite: two processes' worth of databases share one file") {
    tests::TempDir folder;
    tests::TestContext world;
    const auto ctx = world.context();
    const std::string path = folder.file("hub.db");
    const auto one = tests::value(open_sqlite(ctx, path, kOneTable));
    const auto two = tests::value(open_sqlite(ctx, path, kOneTable));
    tests::value(add_row(ctx, *one));
    tests::value(add_row(ctx, *two));
    CHECK(count_rows(ctx, *one) == 2);
    // A writer of the other process is waited for until asked to stop.
    auto writing = tests::value(one->begin_write(ctx));
    world.stop.request_stop();
    CHECK_FALSE(two->begin_write(world.context()).ok());
}

TEST_CASE("sqlite: what is no database, or has no folder, is an error with its path") {
    tests::TempDir folder;
    tests::TestContext world;
    const std::string text = folder.file("text");
    std::ofstream(text) << std::string(5000, 'x');
    const auto not_one = open_sqlite(world.context(), text);
    REQUIRE_ERROR(not_one, util::Code::Corrupt);
    CHECK(util::to_line(not_one.error()).find(text) != std::string::npos);
    const auto nowhere = open_sqlite(world.context(), folder.file("no/such/folder.db"));
    REQUIRE_ERROR(nowhere, util::Code::NotFound);
}

TEST_CASE("sqlite: a damaged file is found by the integrity check or by reading") {
    tests::TempDir folder;
    tests::TestContext world;
    const auto ctx = world.context();
    const std::string path = folder.file("hub.db");
    {
        const auto database = tests::value(open_sqlite(ctx, path, kOneTable));
        auto tx = tests::value(database->begin_write(ctx));
        auto insert = tests::value(tx->prepare("INSERT INTO t VALUES(?)"));
        for (int i = 0; i < 5000; ++i) {
            tests::value(insert.bind(i).run());
        }
        tests::value(tx->commit());
    }
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(4 * 4096 + 100);
        file << std::string(3000, '\xee');
    }
    const auto database = tests::value(open_sqlite(ctx, path, kOneTable));
    const auto findings = database->integrity_check(ctx);
    CHECK((!findings.ok() || !findings->empty()));
}

TEST_CASE("sqlite: a memory database leaves no folder behind") {
    const auto count = [] {
        std::ptrdiff_t found = 0;
        for (const char* parent : {"/dev/shm", "/tmp"}) {
            std::error_code none;
            for (const auto& entry : std::filesystem::directory_iterator(parent, none)) {
                found += entry.path().filename().string().starts_with("railhub-db-") ? 1 : 0;
            }
        }
        return found;
    };
    const auto before = count();
    tests::TestContext world;
    auto database = tests::value(open_sqlite(world.context(), ":memory:"));
    CHECK(count() >= 1);
    database.reset();
    CHECK(count() <= before + 1); // other programs may run beside this one
}

} // namespace railhub::db
