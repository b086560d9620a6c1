// SPDX-License-Identifier: Apache-2.0
// SqliteStatement: binding, stepping and columns over sqlite3_stmt.
#include "core/db/detail/connection.h"
#include "core/db/detail/sqlite_error.h"

#include <sqlite3.h>

namespace railhub::db::detail {

namespace {

// SQLITE_TRANSIENT spelled without its C cast: SQLite copies the value at once.
// NOLINTNEXTLINE(performance-no-int-to-ptr): the constant is an integer by definition
const auto kCopyValue = reinterpret_cast<sqlite3_destructor_type>(std::intptr_t{-1});

} // namespace

void SqliteStatement::note(int bind_code) {
    if (bind_code != SQLITE_OK && bind_code_ == SQLITE_OK) {
        bind_code_ = bind_code;
    }
}

void SqliteStatement::bind_null(int index) {
    note(sqlite3_bind_null(handle_.get(), index));
}

void SqliteStatement::bind_int(int index, std::int64_t value) {
    note(sqlite3_bind_int64(handle_.get(), index, value));
}

void SqliteStatement::bind_double(int index, double value) {
    note(sqlite3_bind_double(handle_.get(), index, value));
}

// A null pointer would bind NULL, and an empty view may hold one.
void SqliteStatement::bind_text(int index, std::string_view value) {
    const char* data = value.empty() ? "" : value.data();
    note(sqlite3_bind_text64(handle_.get(), index, data, value.size(), kCopyValue, SQLITE_UTF8));
}

void SqliteStatement::bind_blob(int index, util::ByteView value) {
    if (value.empty()) {
        note(sqlite3_bind_zeroblob(handle_.get(), index, 0));
        return;
    }
    note(sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(), kCopyValue));
}

util::Result<bool> SqliteStatement::step() {
    if (!owner_.in_transaction()) {
        return util::fail(
            util::Code::Conflict, "transaction has ended", "begin a new transaction and try again"
        );
    }
    return step_unguarded();
}

util::Result<bool> SqliteStatement::step_unguarded() {
    if (is_done_) { // stepping on would run it again
        return false;
    }
    last_code_ = bind_code_ != SQLITE_OK ? bind_code_ : sqlite3_step(handle_.get());
    if (last_code_ == SQLITE_ROW) {
        return true;
    }
    is_done_ = true;
    if (last_code_ == SQLITE_DONE) {
        return false;
    }
    return sqlite_error(owner_.raw(), last_code_, sqlite3_sql(handle_.get()));
}

void SqliteStatement::reset() noexcept {
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
    bind_code_ = SQLITE_OK;
    is_done_ = false;
}

void SqliteStatement::release() noexcept {
    reset();
    is_lent = false;
    --owner_.lent_;
}

bool SqliteStatement::column_is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::column_int(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

double SqliteStatement::column_double(int column) const {
    return sqlite3_column_double(handle_.get(), column);
}

std::string_view SqliteStatement::column_text(int column) const {
    const auto* text = sqlite3_column_text(handle_.get(), column);
    if (text == nullptr) {
        return {};
    }
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return {reinterpret_cast<const char*>(text), size};
}

util::ByteView SqliteStatement::column_blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
    if (data == nullptr) {
        return {};
    }
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::int64_t SqliteStatement::changes() const {
    return sqlite3_stmt_readonly(handle_.get()) != 0 ? 0 : sqlite3_changes64(owner_.raw());
}

} // namespace railhub::db::detail
