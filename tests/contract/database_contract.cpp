// SPDX-License-Identifier: Apache-2.0
// What every database back end promises, run over each of them.
#include "core/db/migrate.h"
#include "core/db/sqlite.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_context.h"
#include "tests/support/value.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::string_view_literals;

namespace railhub::db {

namespace {

constexpr Migration kFirst[] = {
    {1,
     "item",
     "-- one table\nCREATE TABLE item(name TEXT PRIMARY KEY, n INTEGER, r REAL, data BLOB);\n"},
};
constexpr Migration kSecond[] = {
    kFirst[0],
    {2, "color", "ALTER TABLE item ADD COLUMN color TEXT; CREATE INDEX item_color ON item(color)"},
};
constexpr Migration kBroken[] = {
    kFirst[0],
    {2, "broken", "CREATE TABLE half(x INTEGER); INSERT INTO missing VALUES(1)"},
};

struct DatabaseBackend {
    const char* name;
    bool is_persistent;
    std::string (*path)(const tests::TempDir&);
};

constexpr DatabaseBackend kDatabases[] = {
    {"sqlite file", true, [](const tests::TempDir& folder) { return folder.file("hub.db"); }},
    {"sqlite memory", false, [](const tests::TempDir&) { return std::string(":memory:"); }},
};

struct DatabaseFixture {
    const DatabaseBackend& backend;
    tests::TempDir folder;
    tests::TestContext world;
    util::Context ctx = world.context();
    std::unique_ptr<Database> database;

    explicit DatabaseFixture(
        const DatabaseBackend& which, std::span<const Migration> migrations = kFirst
    )
        : backend(which),
          database(tests::value(open_sqlite(ctx, backend.path(folder), migrations))) {}

    util::Result<> insert(std::string_view name, std::int64_t n) {
        RAILHUB_TRY(auto tx, database->begin_write(ctx));
        RAILHUB_TRY(add(*tx, name, n));
        return tx->commit();
    }

    static util::Result<> add(Transaction& tx, std::string_view name, std::int64_t n) {
        RAILHUB_TRY(auto insert, tx.prepare("INSERT INTO item(name, n) VALUES(?, ?)"));
        RAILHUB_TRY(insert.bind(name, n).run());
        return {};
    }

    std::int64_t count() {
        auto tx = tests::value(database->begin_read(ctx));
        return count(*tx);
    }

    static std::int64_t count(Transaction& tx) {
        auto rows = tests::value(tx.prepare("SELECT count(*) FROM item"));
        REQUIRE(tests::value(rows.step()));
        return rows.integer(0);
    }
};

const DatabaseBackend& each_database() {
    const auto index = GENERATE(range(0, static_cast<int>(std::size(kDatabases))));
    INFO(kDatabases[index].name);
    return kDatabases[index];
}

} // namespace

TEST_CASE("database: values come back as they were bound") {
    DatabaseFixture hub(each_database());
    const util::Bytes bytes = {0, 1, 0xff, 0};
    auto tx = tests::value(hub.database->begin_write(hub.ctx));
    {
        auto insert = tests::value(tx->prepare("INSERT INTO item VALUES(?, ?, ?, ?)"));
        // Temporaries may be bound: values are copied.
        insert.bind(std::string("na") + std::string("me\0\xc3\xa9"sv), -1, 0.5, bytes);
        CHECK(tests::value(insert.run()) == 1);
        insert.bind("empty", std::int64_t{1} << 62, nullptr, util::ByteView());
        CHECK(tests::value(insert.run()) == 1);
        insert.bind(
            "", std::optional<int>(), std::optional<double>(2.5), std::optional<std::string>()
        );
        CHECK(tests::value(insert.run()) == 1);
    }
    auto rows = tests::value(tx->prepare("SELECT name, n, r, data FROM item ORDER BY name DESC"));
    REQUIRE(tests::value(rows.step()));
    CHECK(rows.text(0) == "name\0\xc3\xa9"sv);
    CHECK(rows.integer(1) == -1);
    CHECK(rows.real(2) == 0.5);
    CHECK(util::Bytes(rows.blob(3).begin(), rows.blob(3).end()) == bytes);
    REQUIRE(tests::value(rows.step()));
    CHECK(rows.integer(1) == std::int64_t{1} << 62);
    CHECK(rows.is_null(2));
    CHECK_FALSE(rows.is_null(3));
    CHECK(rows.blob(3).empty());
    REQUIRE(tests::value(rows.step()));
    CHECK_FALSE(rows.is_null(0));
    CHECK(rows.text(0).empty());
    CHECK(rows.is_null(1));
    CHECK(rows.is_null(3));
    CHECK_FALSE(tests::value(rows.step()));
    CHECK_FALSE(tests::value(rows.step())); // the end stays the end
}

TEST_CASE("database: a transaction not committed leaves nothing") {
    DatabaseFixture hub(each_database());
    {
        auto tx = tests::value(hub.database->begin_write(hub.ctx));
        tests::value(DatabaseFixture::add(*tx, "a", 1));
        CHECK(DatabaseFixture::count(*tx) == 1);
    }
    CHECK(hub.count() == 0);
    tests::value(hub.insert("b", 2));
    CHECK(hub.count() == 1);
}

TEST_CASE("database: a read transaction sees one snapshot") {
    DatabaseFixture hub(each_database());
    tests::value(hub.insert("a", 1));
    auto before = tests::value(hub.database->begin_read(hub.ctx));
    CHECK(DatabaseFixture::count(*before) == 1);
    tests::value(hub.insert("b", 2));
    CHECK(DatabaseFixture::count(*before) == 1);
    CHECK(hub.count() == 2);
    // Not even an open write transaction is seen.
    auto writing = tests::value(hub.database->begin_write(hub.ctx));
    tests::value(DatabaseFixture::add(*writing, "c", 3));
    CHECK(hub.count() == 2);
    tests::value(before->commit());
}

TEST_CASE("database: a read transaction cannot write") {
    DatabaseFixture hub(each_database());
    auto tx = tests::value(hub.database->begin_read(hub.ctx));
    CHECK_FALSE(DatabaseFixture::add(*tx, "a", 1).ok());
}

TEST_CASE("database: the same text may be open twice, and is ready again after use") {
    DatabaseFixture hub(each_database());
    tests::value(hub.insert("a", 1));
    tests::value(hub.insert("b", 2));
    auto tx = tests::value(hub.database->begin_read(hub.ctx));
    constexpr std::string_view kSql = "SELECT name FROM item ORDER BY name";
    for (int round = 0; round < 3; ++round) {
        auto outer = tests::value(tx->prepare(kSql));
        int pairs = 0;
        while (tests::value(outer.step())) {
            auto inner = tests::value(tx->prepare(kSql));
            while (tests::value(inner.step())) {
                ++pairs;
            }
        }
        CHECK(pairs == 4);
    }
}

TEST_CASE("database: more statements than the cache keeps") {
    DatabaseFixture hub(each_database());
    auto tx = tests::value(hub.database->begin_read(hub.ctx));
    auto held = tests::value(tx->prepare("SELECT 'held'"));
    REQUIRE(tests::value(held.step()));
    for (int i = 0; i < 1000; ++i) {
        auto rows = tests::value(tx->prepare("SELECT " + std::to_string(i)));
        REQUIRE(tests::value(rows.step()));
        CHECK(rows.integer(0) == i);
    }
    CHECK(held.text(0) == "held");
}

TEST_CASE("database: errors say which statement, what to do, and no values") {
    DatabaseFixture hub(each_database());
    tests::value(hub.insert("secret-value", 1));
    const auto twice = hub.insert("secret-value", 2);
    REQUIRE_FALSE(twice.ok());
    CHECK(twice.error().code == util::Code::AlreadyExists);
    CHECK(util::to_line(twice.error()).find("INSERT INTO item") != std::string::npos);
    CHECK(util::to_line(twice.error()).find("secret-value") == std::string::npos);
    CHECK(hub.count() == 1);

    auto tx = tests::value(hub.database->begin_read(hub.ctx));
    const auto wrong = tx->prepare("SELEKT 1");
    REQUIRE_FALSE(wrong.ok());
    CHECK(util::to_line(wrong.error()).find("SELEKT") != std::string::npos);
    CHECK_FALSE(tx->prepare("SELECT 1; SELECT 2").ok());
    auto unbound = tests::value(tx->prepare("SELECT ?"));
    unbound.bind(1, 2, 3);
    CHECK_FALSE(unbound.step().ok());
}

TEST_CASE("database: one writer at a time, others wait and may be interrupted") {
    DatabaseFixture hub(each_database());
    auto first = tests::value(hub.database->begin_write(hub.ctx));
    tests::value(DatabaseFixture::add(*first, "a", 1));

    std::stop_source stopper;
    util::Context stoppable = hub.ctx;
    stoppable.stop = stopper.get_token();
    std::atomic<bool> was_cancelled = false;
    std::thread impatient([&] {
        const auto tx = hub.database->begin_write(stoppable);
        was_cancelled = !tx.ok() && tx.error().code == util::Code::Cancelled;
    });
    stopper.request_stop();
    impatient.join();
    CHECK(was_cancelled);

    std::int64_t seen = -1;
    std::thread patient([&] {
        auto tx = hub.database->begin_write(hub.ctx);
        if (tx.ok()) {
            auto rows = (*tx)->prepare("SELECT count(*) FROM item");
            seen = rows.ok() && rows->step().ok() ? rows->integer(0) : -2;
        }
    });
    tests::value(first->commit());
    first.reset();
    patient.join();
    CHECK(seen == 1);
}

TEST_CASE("database: many threads write and read at once") {
    DatabaseFixture hub(each_database());
    constexpr int kThreads = 4;
    constexpr int kRows = 25;
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kRows; ++i) {
                const auto name = std::to_string(t) + "/" + std::to_string(i);
                auto tx = hub.database->begin_read(hub.ctx);
                failures += hub.insert(name, i).ok() && tx.ok() ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(failures == 0);
    CHECK(hub.count() == kThreads * kRows);
}

TEST_CASE("database: a long statement ends when asked to stop") {
    DatabaseFixture hub(each_database());
    std::stop_source stopper;
    util::Context stoppable = hub.ctx;
    stoppable.stop = stopper.get_token();
    auto tx = tests::value(hub.database->begin_read(stoppable));
    auto rows =
        tests::value(tx->prepare("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                                 "SELECT max(x) FROM c"));
    std::thread stopping([&] { stopper.request_stop(); });
    const auto stepped = rows.step();
    stopping.join();
    REQUIRE_FALSE(stepped.ok());
    CHECK(stepped.error().code == util::Code::Cancelled);
}

TEST_CASE("database: relaxed and full commits mix, rows with ids") {
    DatabaseFixture hub(each_database());
    for (const auto durability : {Durability::Relaxed, Durability::Full, Durability::Relaxed}) {
        auto tx = tests::value(hub.database->begin_write(hub.ctx, durability));
        auto insert = tests::value(tx->prepare("INSERT INTO item(n) VALUES(?)"));
        tests::value(insert.bind(7).run());
        const auto id = tx->last_insert_id();
        auto rows = tests::value(tx->prepare("SELECT n FROM item WHERE rowid = ?"));
        REQUIRE(tests::value(rows.bind(id).step()));
        CHECK(rows.integer(0) == 7);
        tests::value(tx->commit());
        CHECK_FALSE(tx->commit().ok()); // once only
    }
    CHECK(hub.count() == 3);
}

TEST_CASE("database: full means an error with a hint, and the rows of before") {
    DatabaseFixture hub(each_database());
    tests::value(hub.insert("before", 1));
    {
        auto tx = tests::value(hub.database->begin_write(hub.ctx));
        // The page limit stands for the disk: SQLite answers both with the same code.
        auto limit = tests::value(tx->prepare("PRAGMA max_page_count = 12"));
        tests::value(limit.step());
        limit.reset();
        auto insert = tests::value(tx->prepare("INSERT INTO item(data) VALUES(?)"));
        const auto full = insert.bind(util::Bytes(1 << 20)).run();
        REQUIRE_FALSE(full.ok());
        CHECK(full.error().code == util::Code::Io);
        CHECK(full.error().message.find("no space left") != std::string::npos);
        CHECK(full.error().reason == util::kReasonNoSpace);
        CHECK_FALSE(full.error().hint.empty());
        // Whether or not the back end rolled back by itself, nothing may slip in behind the error.
        static_cast<void>(DatabaseFixture::add(*tx, "after the error", 1));
    }
    CHECK(hub.count() == 1);
    auto tx = tests::value(hub.database->begin_write(hub.ctx));
    auto limit = tests::value(tx->prepare("PRAGMA max_page_count = 100000"));
    tests::value(limit.step());
    limit.reset();
    tests::value(DatabaseFixture::add(*tx, "goes on", 1));
    tests::value(tx->commit());
    CHECK(hub.count() == 2);
}

TEST_CASE("database: integrity check is quiet on a sound database") {
    DatabaseFixture hub(each_database());
    CHECK(tests::value(hub.database->integrity_check(hub.ctx)).empty());
}

TEST_CASE("database: rows survive closing, and later steps are applied") {
    DatabaseFixture hub(each_database());
    if (!hub.backend.is_persistent) {
        return;
    }
    tests::value(hub.insert("a", 1));
    hub.database.reset();
    hub.database = tests::value(open_sqlite(hub.ctx, hub.folder.file("hub.db"), kSecond));
    CHECK(tests::value(schema_version(hub.ctx, *hub.database)) == 2);
    CHECK(hub.count() == 1);
    auto tx = tests::value(hub.database->begin_read(hub.ctx));
    CHECK(tx->prepare("SELECT color FROM item").ok());
}

TEST_CASE("database: a newer schema is refused with both versions") {
    DatabaseFixture hub(each_database(), kSecond);
    const auto refused = migrate(hub.ctx, *hub.database, kFirst);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == util::Code::Conflict);
    CHECK(refused.error().message.find("version 2") != std::string::npos);
    CHECK(refused.error().message.find("up to 1") != std::string::npos);
    CHECK_FALSE(refused.error().hint.empty());
}

TEST_CASE("database: a failing schema step leaves the schema before it") {
    DatabaseFixture hub(each_database());
    tests::value(hub.insert("a", 1));
    const auto failed = migrate(hub.ctx, *hub.database, kBroken);
    REQUIRE_FALSE(failed.ok());
    CHECK(util::to_line(failed.error()).find("broken") != std::string::npos);
    CHECK(tests::value(schema_version(hub.ctx, *hub.database)) == 1);
    {
        auto tx = tests::value(hub.database->begin_read(hub.ctx));
        CHECK_FALSE(tx->prepare("SELECT * FROM half").ok());
    }
    CHECK(hub.count() == 1);
    tests::value(migrate(hub.ctx, *hub.database, kSecond));
    CHECK(tests::value(schema_version(hub.ctx, *hub.database)) == 2);
}

TEST_CASE("database: the built-in schema applies to a new database") {
    DatabaseFixture hub(each_database(), builtin_migrations());
    CHECK(
        tests::value(schema_version(hub.ctx, *hub.database)) ==
        static_cast<int>(builtin_migrations().size())
    );
    tests::value(migrate(hub.ctx, *hub.database, builtin_migrations()));
}

namespace {

// In the child: commits rows one after the other, reports each through the pipe, and leaves one
// more row uncommitted whenever it is killed.
[[noreturn]] void write_until_killed(const std::string& path, int report) {
    tests::TestContext world;
    const util::Context ctx = world.context();
    auto database = open_sqlite(ctx, path, kFirst);
    for (std::int64_t i = 0; database.ok(); ++i) {
        auto tx = (*database)->begin_write(ctx);
        if (!tx.ok() || !DatabaseFixture::add(**tx, std::to_string(i), i).ok() ||
            !(*tx)->commit().ok() || ::write(report, &i, sizeof i) != sizeof i) {
            break;
        }
    }
    ::_exit(1);
}

} // namespace

TEST_CASE("database: kill in the middle leaves what was committed, all of it and nothing else") {
    const DatabaseBackend& backend = each_database();
    if (!backend.is_persistent) {
        return;
    }
    tests::TempDir folder;
    tests::TestContext world;
    const util::Context ctx = world.context();
    const std::string path = folder.file("hub.db");
    for (const int rounds : {1, 10, 40}) {
        int pipe_ends[2];
        REQUIRE(::pipe(pipe_ends) == 0);
        ::unlink(path.c_str());
        ::unlink((path + "-wal").c_str());
        ::unlink((path + "-shm").c_str());
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            write_until_killed(path, pipe_ends[1]);
        }
        ::close(pipe_ends[1]);
        std::int64_t acknowledged = -1;
        std::int64_t got = 0;
        for (int i = 0; i < rounds && ::read(pipe_ends[0], &got, sizeof got) == sizeof got; ++i) {
            acknowledged = got;
        }
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        while (::read(pipe_ends[0], &got, sizeof got) == sizeof got) {
            acknowledged = got;
        }
        ::close(pipe_ends[0]);
        REQUIRE(WIFSIGNALED(status));
        REQUIRE(acknowledged >= rounds - 1);

        auto database = tests::value(open_sqlite(ctx, path, kFirst));
        CHECK(tests::value(database->integrity_check(ctx)).empty());
        auto tx = tests::value(database->begin_read(ctx));
        auto rows = tests::value(tx->prepare("SELECT count(*), max(n) FROM item"));
        REQUIRE(tests::value(rows.step()));
        CHECK(rows.integer(0) == rows.integer(1) + 1); // no gap
        CHECK(rows.integer(1) >= acknowledged);        // one more may have been on its way
        CHECK(rows.integer(1) <= acknowledged + 1);
    }
}

} // namespace railhub::db
