// SPDX-License-Identifier: Apache-2.0
// The embedded back end: SQLite in WAL mode, synchronous=FULL.
#pragma once

#include "core/db/database.h"

namespace railhub::db {

// Opens or creates the file and brings the schema up to date (core/db/migrate.h). A newer schema is
// refused (Conflict) with the versions in the message. ":memory:" works for tests.
util::Result<std::unique_ptr<Database>>
open_sqlite(const util::Context& ctx, const std::string& path);

} // namespace railhub::db
