// SPDX-License-Identifier: Apache-2.0
// The SQLite Database: a writer, a pool of readers, and transactions as scopes.
#include "core/db/sqlite.h"

#include "core/db/detail/connection_pool.h"
#include "core/db/detail/sqlite_error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace railhub::db {

namespace {

using detail::ConnectionPool;
using detail::PoolLimits;
using detail::Role;

constexpr PoolLimits kWriterLimits{1, 1, std::chrono::seconds(30)};
constexpr PoolLimits kReaderLimits{64, 8, std::chrono::seconds(30)};
constexpr std::array<const char*, 2> kMemoryFolders = {"/dev/shm", "/tmp"};

// Set by the commit that failed on the disk, read by every later begin_write.
using FailedFlag = std::atomic<bool>;

class SqliteTransaction final : public Transaction {
  public:
    SqliteTransaction(ConnectionPool::Lease connection, FailedFlag& failed)
        : connection_(std::move(connection)), failed_(failed) {}

    ~SqliteTransaction() override {
        roll_back();
        RAILHUB_ASSERT(connection_->lent() == 0); // statements end before their transaction
    }

    util::Result<Statement> prepare(std::string_view sql) override {
        RAILHUB_TRY(detail::SqliteStatement* const backend, connection_->lend(sql));
        return Statement(*backend);
    }

    util::Result<> execute(std::string_view script) override {
        return connection_->execute(script);
    }

    util::Result<> commit() override {
        connection_->reset_statements();
        if (!connection_->in_transaction()) {
            return util::fail(
                util::Code::Conflict,
                "transaction has ended",
                "an earlier error rolled it back; begin a new one"
            );
        }
        int code = 0;
        auto done = connection_->control("COMMIT", &code);
        if (!done.ok()) {
            if (detail::is_write_failure(code)) {
                failed_ = true;
            }
            roll_back();
        }
        return done;
    }

    [[nodiscard]] std::int64_t last_insert_id() const override {
        return connection_->last_insert_id();
    }

  private:
    void roll_back() noexcept {
        connection_->reset_statements();
        connection_->watch({}); // a wish to stop must not stop the rollback
        if (connection_->in_transaction()) {
            // Fails only where SQLite has rolled back already.
            static_cast<void>(connection_->control("ROLLBACK"));
        }
    }

    ConnectionPool::Lease connection_;
    FailedFlag& failed_;
};

// The folder of a ":memory:" database; removed with it.
class TemporaryFolder {
  public:
    TemporaryFolder() = default;

    explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

    TemporaryFolder& operator=(TemporaryFolder&&) = delete;

    ~TemporaryFolder() {
        if (!path_.empty()) {
            std::error_code ignored;
            std::filesystem::remove_all(path_, ignored);
        }
    }

    static util::Result<TemporaryFolder> create() {
        for (const char* parent : kMemoryFolders) {
            std::string path = std::string(parent) + "/railhub-db-XXXXXX";
            if (::mkdtemp(path.data()) != nullptr) {
                return TemporaryFolder(std::move(path));
            }
        }
        return util::system_error(
            "cannot create temporary folder in", kMemoryFolders.back(), errno
        );
    }

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(TemporaryFolder folder, const std::string& path)
        : folder_(std::move(folder)), writer_(path, Role::Writer, kWriterLimits),
          readers_(path, Role::Reader, kReaderLimits) {}

    util::Result<std::unique_ptr<Transaction>> begin_read(const util::Context& ctx) override {
        return begin(ctx, readers_, "BEGIN DEFERRED", Durability::Full);
    }

    util::Result<std::unique_ptr<Transaction>>
    begin_write(const util::Context& ctx, Durability durability) override {
        return begin(ctx, writer_, "BEGIN IMMEDIATE", durability);
    }

    util::Result<std::vector<std::string>> integrity_check(const util::Context& ctx) override {
        std::vector<std::string> findings;
        RAILHUB_TRY(auto tx, begin_read(ctx));
        RAILHUB_TRY(auto rows, tx->prepare("PRAGMA quick_check"));
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                break;
            }
            if (rows.text(0) != "ok") {
                findings.emplace_back(rows.text(0));
            }
        }
        RAILHUB_TRY(find_dangling(*tx, findings));
        return findings;
    }

  private:
    util::Result<std::unique_ptr<Transaction>> begin(
        const util::Context& ctx, ConnectionPool& pool, std::string_view sql, Durability durability
    ) {
        RAILHUB_TRY(auto connection, pool.take(ctx));
        if (&pool == &writer_) {
            if (failed_) {
                return util::fail(
                    util::Code::Io,
                    "database refuses writes since a commit failed on the disk",
                    "check the disk and the system log, then start the server again"
                );
            }
            RAILHUB_TRY(connection->set_durability(durability));
        }
        RAILHUB_TRY(connection->control(sql));
        return std::unique_ptr<Transaction>(
            std::make_unique<SqliteTransaction>(std::move(connection), failed_)
        );
    }

    static util::Result<> find_dangling(Transaction& tx, std::vector<std::string>& findings) {
        RAILHUB_TRY(auto rows, tx.prepare("PRAGMA foreign_key_check"));
        while (true) {
            RAILHUB_TRY(const bool more, rows.step());
            if (!more) {
                return {};
            }
            findings.push_back(
                "row " + std::to_string(rows.integer(1)) + " of table '" +
                std::string(rows.text(0)) + "' refers to a missing row of '" +
                std::string(rows.text(2)) + "'"
            );
        }
    }

    const TemporaryFolder folder_; // first: removed after the connections are closed
    FailedFlag failed_ = false;
    ConnectionPool writer_;
    ConnectionPool readers_;
};

util::Result<std::unique_ptr<Database>> open_at(
    const util::Context& ctx,
    TemporaryFolder folder,
    const std::string& path,
    std::span<const Migration> migrations
) {
    auto database = std::make_unique<SqliteDatabase>(std::move(folder), path);
    RAILHUB_TRY(migrate(ctx, *database, migrations));
    return std::unique_ptr<Database>(std::move(database));
}

} // namespace

util::Result<std::unique_ptr<Database>> open_sqlite(
    const util::Context& ctx, const std::string& path, std::span<const Migration> migrations
) {
    if (path == ":memory:") {
        RAILHUB_TRY(TemporaryFolder folder, TemporaryFolder::create());
        const std::string file = folder.path() + "/database";
        return open_at(ctx, std::move(folder), file, migrations);
    }
    return open_at(ctx, TemporaryFolder(), path, migrations);
}

util::Result<std::unique_ptr<Database>>
open_sqlite(const util::Context& ctx, const std::string& path) {
    return open_sqlite(ctx, path, builtin_migrations());
}

} // namespace railhub::db
