// SPDX-License-Identifier: Apache-2.0
// The one mapping from SQLite result codes to error codes, messages and hints.
#include "core/db/detail/sqlite_error.h"

#include <sqlite3.h>

#include <string>

namespace railhub::db::detail {

namespace {

constexpr std::size_t kShownSql = 160;

struct Meaning {
    int code; // extended code first, then primary codes
    util::Code meaning;
    const char* message; // empty: what SQLite says, which names tables and columns but no values
    const char* hint;
};

constexpr Meaning kMeanings[] = {
    {SQLITE_CONSTRAINT_UNIQUE, util::Code::AlreadyExists, "", ""},
    {SQLITE_CONSTRAINT_PRIMARYKEY, util::Code::AlreadyExists, "", ""},
    {SQLITE_CONSTRAINT_ROWID, util::Code::AlreadyExists, "", ""},
    {SQLITE_CONSTRAINT_FOREIGNKEY, util::Code::Conflict, "", ""},
    {SQLITE_CONSTRAINT, util::Code::InvalidInput, "", ""},
    {SQLITE_TOOBIG, util::Code::TooLarge, "value too large for the database", ""},
    {SQLITE_BUSY,
     util::Code::Unavailable,
     "database is busy",
     "another process holds the write lock; try again, or end that process"},
    {SQLITE_LOCKED, util::Code::Unavailable, "database is busy", "try again"},
    {SQLITE_INTERRUPT, util::Code::Cancelled, "interrupted", ""},
    {SQLITE_FULL,
     util::Code::Io,
     "no space left for the database",
     "free space on the disk that holds the data folder, then try again"},
    {SQLITE_CORRUPT,
     util::Code::Corrupt,
     "",
     "stop the server and restore the database from a backup"},
    {SQLITE_NOTADB, util::Code::Corrupt, "file is not a database", "check the path"},
    {SQLITE_READONLY, util::Code::PermissionDenied, "", "check owner and mode of the data folder"},
    {SQLITE_PERM, util::Code::PermissionDenied, "", "check owner and mode of the data folder"},
    {SQLITE_CANTOPEN, util::Code::Io, "", "check that the folder exists and can be written to"},
};

const Meaning* meaning_of(int code) {
    for (const int wanted : {code, code & 0xff}) {
        for (const Meaning& row : kMeanings) {
            if (row.code == wanted) {
                return &row;
            }
        }
    }
    return nullptr;
}

// Constraints and contention are news for the caller; the rest is for the operator.
std::string_view reason_of(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL:
        return util::kReasonNoSpace;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return {};
    default:
        return util::kReasonSystem;
    }
}

} // namespace

util::Error sqlite_error(sqlite3* database, int code, std::string_view sql) {
    const Meaning* meaning = meaning_of(code);
    util::Error error;
    error.reason = reason_of(code);
    if (meaning != nullptr) {
        error.code = meaning->meaning;
        error.message = meaning->message;
        error.hint = meaning->hint;
        error.reason = meaning->code == SQLITE_FULL ? util::kReasonNoSpace : std::string_view();
    }
    if (error.message.empty()) {
        error.message = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
        if (meaning == nullptr) {
            error.message += " (sqlite " + std::to_string(code) + ")";
        }
    }
    if (!sql.empty()) {
        std::string shown(sql.substr(0, kShownSql));
        shown += sql.size() > kShownSql ? "..." : "";
        error.context.push_back("in '" + shown + "'");
    }
    return error;
}

bool is_write_failure(int code) {
    return (code & 0xff) == SQLITE_IOERR;
}

} // namespace railhub::db::detail
