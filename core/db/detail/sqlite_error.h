// SPDX-License-Identifier: Apache-2.0
// SQLite result codes as Errors: what the caller can do, and which statement it was; never values.
#pragma once

#include "core/util/result.h"

#include <string_view>

struct sqlite3;

namespace railhub::db::detail {

// `code` is an extended result code; `sql` the statement it happened in, shortened in the message.
util::Error sqlite_error(sqlite3* database, int code, std::string_view sql);

// The failed write may have reached the disk in part, so nothing may be written on top of it.
bool is_write_failure(int code);

} // namespace railhub::db::detail
