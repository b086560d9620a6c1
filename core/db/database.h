// SPDX-License-Identifier: Apache-2.0
// The SQL seam: Database, Transaction, Statement. SQLite implements it now, PostgreSQL later; the
// statements of all modules stay in the SQL subset described in docs/adr (no vendor functions, `?`
// parameters, ON CONFLICT DO NOTHING/UPDATE, RETURNING, LIMIT; types INTEGER, REAL, TEXT, BLOB).
#pragma once

#include "core/util/bytes.h"
#include "core/util/context.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace railhub::db {

// What a back end implements for a prepared statement. Not for callers: use Statement.
class StatementBackend {
  public:
    virtual ~StatementBackend() = default;
    virtual void bind_null(int index) = 0;
    virtual void bind_int(int index, std::int64_t value) = 0;
    virtual void bind_double(int index, double value) = 0;
    // Text and blobs are copied. What binding could not do is reported by step().
    virtual void bind_text(int index, std::string_view value) = 0;
    virtual void bind_blob(int index, util::ByteView value) = 0;
    virtual util::Result<bool> step() = 0;
    virtual void reset() noexcept = 0;
    // Given back to the connection's cache; the caller does not touch it again.
    virtual void release() noexcept = 0;
    [[nodiscard]] virtual bool column_is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t column_int(int column) const = 0;
    [[nodiscard]] virtual double column_double(int column) const = 0;
    // Valid until the next step or reset.
    [[nodiscard]] virtual std::string_view column_text(int column) const = 0;
    [[nodiscard]] virtual util::ByteView column_blob(int column) const = 0;
    [[nodiscard]] virtual std::int64_t changes() const = 0;
};

// A prepared statement of one transaction, taken from the connection's cache and given back (reset)
// on destruction, which must come before the transaction's. One thread at a time. Use:
//   RAILHUB_TRY(auto rows, tx.prepare("SELECT name FROM repo WHERE owner = ?"));
//   rows.bind(owner);
//   while (true) { RAILHUB_TRY(bool more, rows.step()); if (!more) break; use(rows.text(0)); }
class Statement {
  public:
    // `backend` is borrowed from the connection.
    explicit Statement(StatementBackend& backend) : backend_(&backend) {}

    Statement(Statement&& other) noexcept
        : backend_(std::exchange(other.backend_, nullptr)), next_(other.next_) {}

    Statement& operator=(Statement&&) = delete;

    ~Statement() {
        if (backend_ != nullptr) {
            backend_->release();
        }
    }

    // Binds parameters in order, continuing where the last call stopped. Values are copied, so
    // temporaries are fine.
    template <class... Args>
    Statement& bind(const Args&... args) {
        (bind_one(args), ...);
        return *this;
    }

    // True when a row is there.
    util::Result<bool> step() { return backend_->step(); }

    // For statements without rows; returns the number of changed rows.
    util::Result<std::int64_t> run() {
        RAILHUB_TRY([[maybe_unused]] const bool row, backend_->step());
        const std::int64_t changed = backend_->changes();
        reset();
        return changed;
    }

    // Ready to be bound and stepped again.
    void reset() noexcept {
        backend_->reset();
        next_ = 1;
    }

    // Columns from 0.
    [[nodiscard]] bool is_null(int column) const { return backend_->column_is_null(column); }

    [[nodiscard]] std::int64_t integer(int column) const { return backend_->column_int(column); }

    [[nodiscard]] double real(int column) const { return backend_->column_double(column); }

    // Views are valid until the next step or reset.
    [[nodiscard]] std::string_view text(int column) const { return backend_->column_text(column); }

    [[nodiscard]] util::ByteView blob(int column) const { return backend_->column_blob(column); }

  private:
    void bind_one(std::nullptr_t) { backend_->bind_null(next_++); }

    template <std::integral I>
    void bind_one(I value) {
        backend_->bind_int(next_++, static_cast<std::int64_t>(value));
    }

    void bind_one(double value) { backend_->bind_double(next_++, value); }

    void bind_one(std::string_view value) { backend_->bind_text(next_++, value); }

    void bind_one(const std::string& value) { backend_->bind_text(next_++, value); }

    void bind_one(const char* value) { backend_->bind_text(next_++, value); }

    void bind_one(util::ByteView value) { backend_->bind_blob(next_++, value); }

    void bind_one(const util::Bytes& value) { backend_->bind_blob(next_++, value); }

    template <class T>
    void bind_one(const std::optional<T>& value) {
        if (value) {
            bind_one(*value);
        } else {
            backend_->bind_null(next_++);
        }
    }

    StatementBackend* backend_;
    int next_ = 1;
};

// A scope that rolls back unless committed. Read transactions see one snapshot. One thread at a
// time.
class Transaction {
  public:
    virtual ~Transaction() = default;
    // Cached per connection by the text, so pass literals. A second Statement of the same text may
    // be open at the same time.
    virtual util::Result<Statement> prepare(std::string_view sql) = 0;
    // Runs statements separated by ';' without parameters or rows; for migrations. Not cached.
    virtual util::Result<> execute(std::string_view script) = 0;
    // Durable when it returns (write transactions). A failure leaves nothing behind. Statements
    // still open are reset.
    virtual util::Result<> commit() = 0;
    // Id of the row inserted last in this transaction.
    [[nodiscard]] virtual std::int64_t last_insert_id() const = 0;
};

enum class Durability : std::uint8_t {
    Full,   // survives power loss once commit() returned
    Relaxed // survives a crash of the process; for what can be rebuilt (counters, caches)
};

// Safe from any thread. One writer at a time (others wait, Unavailable after a time), many readers.
class Database {
  public:
    virtual ~Database() = default;
    virtual util::Result<std::unique_ptr<Transaction>> begin_read(const util::Context& ctx) = 0;
    virtual util::Result<std::unique_ptr<Transaction>>
    begin_write(const util::Context& ctx, Durability durability = Durability::Full) = 0;
    // Quick structural check of the database itself; findings as lines, empty when sound.
    virtual util::Result<std::vector<std::string>> integrity_check(const util::Context& ctx) = 0;
};

} // namespace railhub::db
