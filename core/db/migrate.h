// SPDX-License-Identifier: Apache-2.0
// Numbered schema steps, one transaction each, from core/db/migrations/NNNN_name.sql (embedded when
// built). A file is never edited after a release: a change is a new file.
#pragma once

#include "core/db/database.h"

#include <span>

namespace railhub::db {

struct Migration {
    int version = 0; // 1, 2, 3, ... without gaps
    std::string_view name;
    std::string_view sql;
};

// The files, in order.
std::span<const Migration> builtin_migrations();

// Applies what is missing; the table schema_version records each step. A failing step leaves the
// schema of the step before it. Conflict when the database is newer than `migrations`.
util::Result<>
migrate(const util::Context& ctx, Database& database, std::span<const Migration> migrations);

// The last step applied, 0 for a new database.
util::Result<int> schema_version(const util::Context& ctx, Database& database);

} // namespace railhub::db
