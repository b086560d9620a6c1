// SPDX-License-Identifier: Apache-2.0
// The body of a commit request: JSON Lines of a header and file operations (hub-api section 7.4).
#pragma once

#include "core/app/publish.h"
#include "server/api/spool.h"

#include <memory>

namespace railhub::server::api {

struct CommitLimits {
    std::uint64_t regular_file = std::uint64_t{16} << 20; // decoded
    std::size_t operations = 500'000;
};

// Fills title, description, parent and operations of `wish`. Contents go to the spool as they come;
// the operations read them from there, so the spool must outlive the wish. InvalidInput names the
// line; kUnprocessable for paths that cannot be; TooLarge past a limit as soon as it is passed.
util::Result<> read_commit_lines(
    util::Reader& body, Spool& spool, const CommitLimits& limits, app::CommitWish& wish
);

} // namespace railhub::server::api
