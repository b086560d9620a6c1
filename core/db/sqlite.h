// SPDX-License-Identifier: Apache-2.0
// The embedded back end: SQLite in WAL mode, synchronous=FULL.
#pragma once

#include "core/db/database.h"
#include "core/db/migrate.h"

namespace railhub::db {

// Opens or creates the file (mode 0600, in an existing folder) and brings the schema up to date
// (core/db/migrate.h). A newer schema is refused (Conflict) with the versions in the message.
// ":memory:" gives a private database that is gone with the Database; it lives in a temporary
// folder, on a memory file system where there is one, so that it behaves as a file does. After a
// commit that failed on the disk every later write is refused (Io) until the process starts again:
// what the kernel still holds of the file can no longer be trusted.
util::Result<std::unique_ptr<Database>>
open_sqlite(const util::Context& ctx, const std::string& path);

// The same with other migrations; for tests.
util::Result<std::unique_ptr<Database>> open_sqlite(
    const util::Context& ctx, const std::string& path, std::span<const Migration> migrations
);

} // namespace railhub::db
