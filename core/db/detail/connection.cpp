// SPDX-License-Identifier: Apache-2.0
// Connection: opening and settings, the statement cache, waiting for another process's lock.
#include "core/db/detail/connection.h"

#include "core/db/detail/sqlite_error.h"
#include "core/util/io.h"
#include "core/util/text.h"

#include <climits>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <thread>

namespace railhub::db::detail {

namespace {

constexpr std::size_t kCachedStatements = 256;
constexpr int kProgressSteps = 20'000; // virtual machine steps between two looks at the stop token
constexpr std::chrono::seconds kLockWait{10};

// Cache sizes are negative KiB. secure_delete is on in Debian's build and doubles delete traffic;
// nothing stored here is secret once deleted (tokens are hashes).
constexpr std::string_view kWriterSettings = "PRAGMA foreign_keys=ON;"
                                             "PRAGMA synchronous=FULL;"
                                             "PRAGMA temp_store=MEMORY;"
                                             "PRAGMA secure_delete=OFF;"
                                             "PRAGMA cache_size=-8192;"
                                             "PRAGMA journal_size_limit=67108864;";
constexpr std::string_view kReaderSettings = "PRAGMA query_only=ON;"
                                             "PRAGMA temp_store=MEMORY;"
                                             "PRAGMA cache_size=-2048;";

// SQLite would make the file readable for all; WAL and shared memory take the mode of the database.
util::Result<> create_private(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return util::system_error("cannot open database", path, errno);
    }
    const util::FileHandle closes(fd);
    return {};
}

} // namespace

util::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Role role) {
    if (role == Role::Writer) {
        RAILHUB_TRY(create_private(path));
    }
    std::unique_ptr<Connection> connection(new Connection);
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(),
        &raw,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr
    );
    connection->handle_.reset(raw);
    if (code != SQLITE_OK) {
        return sqlite_error(raw, code, {});
    }
    sqlite3_busy_handler(raw, &Connection::on_busy, connection.get());
    sqlite3_progress_handler(raw, kProgressSteps, &Connection::on_progress, connection.get());
    RAILHUB_TRY(connection->configure(role).with_context("cannot open database '" + path + "'"));
    return connection;
}

util::Result<> Connection::configure(Role role) {
    if (role == Role::Reader) {
        return execute(kReaderSettings);
    }
    RAILHUB_TRY(execute(kWriterSettings));
    RAILHUB_TRY(const std::string mode, query_text("PRAGMA journal_mode=WAL"));
    if (mode != "wal") {
        return util::fail(
            util::Code::Io,
            "journal mode is '" + mode + "', write-ahead log is not possible here",
            "keep the data folder on a local disk"
        );
    }
    return {};
}

util::Result<std::unique_ptr<SqliteStatement>>
Connection::compile(std::string_view sql, unsigned flags, std::string_view& rest) {
    if (sql.size() > INT_MAX) {
        return util::fail(util::Code::TooLarge, "statement too long");
    }
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(
        handle_.get(), sql.data(), static_cast<int>(sql.size()), flags, &raw, &tail
    );
    if (code != SQLITE_OK) {
        return sqlite_error(handle_.get(), code, sql);
    }
    rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    return std::make_unique<SqliteStatement>(
        *this, util::Handle<sqlite3_stmt, sqlite3_finalize>(raw)
    );
}

util::Result<SqliteStatement*> Connection::lend(std::string_view sql) {
    auto entry = statements_.find(sql);
    if (entry == statements_.end()) {
        if (compiled_ >= kCachedStatements) {
            drop_idle_statements();
        }
        entry = statements_.emplace(std::string(sql), Statements()).first;
    }
    Statements& same_text = entry->second;
    auto found = std::find_if(same_text.begin(), same_text.end(), [](const auto& statement) {
        return !statement->is_lent;
    });
    if (found == same_text.end()) {
        std::string_view rest;
        RAILHUB_TRY(auto compiled, compile(sql, SQLITE_PREPARE_PERSISTENT, rest));
        if (!util::trim(rest).empty()) {
            return util::fail(util::Code::InvalidInput, "more than one statement in one text");
        }
        found = same_text.insert(same_text.end(), std::move(compiled));
        ++compiled_;
    }
    (*found)->is_lent = true;
    ++lent_;
    return found->get();
}

void Connection::drop_idle_statements() {
    for (auto entry = statements_.begin(); entry != statements_.end();) {
        compiled_ -= std::erase_if(entry->second, [](const auto& one) { return !one->is_lent; });
        entry = entry->second.empty() ? statements_.erase(entry) : std::next(entry);
    }
}

util::Result<> Connection::control(std::string_view sql, int* code) {
    RAILHUB_TRY(SqliteStatement* const backend, lend(sql));
    Statement statement(*backend);
    auto stepped = backend->step_unguarded();
    if (code != nullptr) {
        *code = backend->last_code();
    }
    RAILHUB_TRY(std::move(stepped));
    return {};
}

util::Result<> Connection::execute(std::string_view script) {
    while (!script.empty()) {
        std::string_view rest;
        RAILHUB_TRY(auto statement, compile(script, 0, rest));
        if (statement->is_empty()) { // only blanks and comments were left
            return {};
        }
        while (true) {
            RAILHUB_TRY(const bool more, statement->step_unguarded());
            if (!more) {
                break;
            }
        }
        script = rest;
    }
    return {};
}

util::Result<std::string> Connection::query_text(std::string_view sql) {
    RAILHUB_TRY(SqliteStatement* const backend, lend(sql));
    Statement statement(*backend);
    RAILHUB_TRY(const bool found, backend->step_unguarded());
    return found ? std::string(statement.text(0)) : std::string();
}

util::Result<> Connection::set_durability(Durability durability) {
    if (durability == durability_) {
        return {};
    }
    // Under NORMAL a commit is written but not synced; the next FULL commit syncs it along.
    RAILHUB_TRY(control(
        durability == Durability::Full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"
    ));
    durability_ = durability;
    return {};
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

std::int64_t Connection::last_insert_id() const {
    return sqlite3_last_insert_rowid(handle_.get());
}

void Connection::reset_statements() noexcept {
    for (const auto& entry : statements_) {
        for (const auto& statement : entry.second) {
            if (statement->is_lent) {
                statement->reset();
            }
        }
    }
}

int Connection::on_progress(void* connection) noexcept {
    return static_cast<Connection*>(connection)->stop_.stop_requested() ? 1 : 0;
}

// Called again and again while another process holds the lock; 0 gives up.
int Connection::on_busy(void* connection, int count) noexcept {
    auto& self = *static_cast<Connection*>(connection);
    const auto now = std::chrono::steady_clock::now();
    if (count == 0) {
        self.busy_since_ = now;
    }
    if (now - self.busy_since_ > kLockWait || self.stop_.stop_requested()) {
        return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 + count, 20)));
    return 1;
}

} // namespace railhub::db::detail
