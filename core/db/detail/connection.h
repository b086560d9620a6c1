// SPDX-License-Identifier: Apache-2.0
// One SQLite connection with its cache of prepared statements.
#pragma once

#include "core/db/database.h"
#include "core/util/handle.h"

#include <sqlite3.h>

#include <chrono>
#include <stop_token>
#include <unordered_map>

namespace railhub::db::detail {

class Connection;

// A prepared statement in a connection's cache; lent through db::Statement.
class SqliteStatement final : public StatementBackend {
  public:
    SqliteStatement(Connection& owner, util::Handle<sqlite3_stmt, sqlite3_finalize> handle)
        : owner_(owner), handle_(std::move(handle)) {}

    void bind_null(int index) override;
    void bind_int(int index, std::int64_t value) override;
    void bind_double(int index, double value) override;
    void bind_text(int index, std::string_view value) override;
    void bind_blob(int index, util::ByteView value) override;
    util::Result<bool> step() override;
    void reset() noexcept override;
    void release() noexcept override;
    [[nodiscard]] bool column_is_null(int column) const override;
    [[nodiscard]] std::int64_t column_int(int column) const override;
    [[nodiscard]] double column_double(int column) const override;
    [[nodiscard]] std::string_view column_text(int column) const override;
    [[nodiscard]] util::ByteView column_blob(int column) const override;
    [[nodiscard]] std::int64_t changes() const override;

    // As step(), also outside a transaction: for BEGIN, COMMIT and pragmas.
    util::Result<bool> step_unguarded();

    // The SQLite code of the last failed step, 0 before.
    [[nodiscard]] int last_code() const { return last_code_; }

    // Compiled from blanks or comments only.
    [[nodiscard]] bool is_empty() const { return handle_ == nullptr; }

    bool is_lent = false;

  private:
    void note(int bind_code);

    Connection& owner_;
    util::Handle<sqlite3_stmt, sqlite3_finalize> handle_;
    int bind_code_ = 0;
    int last_code_ = 0;
    bool is_done_ = false;
};

enum class Role : std::uint8_t { Writer, Reader };

// One thread at a time.
class Connection {
  public:
    // The writer creates the file and sets WAL; readers need it to exist.
    static util::Result<std::unique_ptr<Connection>> open(const std::string& path, Role role);

    // A statement that nobody else holds; prepared when the cache has none of this text.
    util::Result<SqliteStatement*> lend(std::string_view sql);
    // BEGIN, COMMIT, ROLLBACK: one cached statement without rows. `code`, if given, gets SQLite's
    // code.
    util::Result<> control(std::string_view sql, int* code = nullptr);
    // Every statement of the script in turn.
    util::Result<> execute(std::string_view script);
    // First column of the first row, for pragmas; empty when there is none.
    util::Result<std::string> query_text(std::string_view sql);
    util::Result<> set_durability(Durability durability);

    // Long statements and waits for a lock end with Cancelled once `stop` is requested.
    void watch(std::stop_token stop) { stop_ = std::move(stop); }

    // False after SQLite rolled back by itself (full disk, for one).
    [[nodiscard]] bool in_transaction() const;
    [[nodiscard]] std::int64_t last_insert_id() const;

    [[nodiscard]] std::size_t lent() const { return lent_; }

    // All statements lent out, so that a transaction can end.
    void reset_statements() noexcept;

    [[nodiscard]] sqlite3* raw() const { return handle_.get(); }

  private:
    friend class SqliteStatement;

    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void; // NOLINT(readability-identifier-naming): the library's name
    };

    using Statements = std::vector<std::unique_ptr<SqliteStatement>>;

    Connection() = default;
    // The first statement of `sql`; `rest` gets what follows it.
    util::Result<std::unique_ptr<SqliteStatement>>
    compile(std::string_view sql, unsigned flags, std::string_view& rest);
    util::Result<> configure(Role role);
    void drop_idle_statements();
    static int on_progress(void* connection) noexcept;
    static int on_busy(void* connection, int count) noexcept;

    util::Handle<sqlite3, sqlite3_close_v2> handle_; // before the statements: they go first
    std::unordered_map<std::string, Statements, TextHash, std::equal_to<>> statements_;
    std::size_t compiled_ = 0;
    std::size_t lent_ = 0;
    Durability durability_ = Durability::Full;
    std::stop_token stop_;
    std::chrono::steady_clock::time_point busy_since_;
};

} // namespace railhub::db::detail
