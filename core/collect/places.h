// SPDX-License-Identifier: Apache-2.0
// Where the collector works.
#pragma once

#include "core/db/database.h"
#include "core/storage/blobs.h"
#include "core/storage/uploads.h"

#include <chrono>

namespace railhub::collect {

// Borrowed.
struct Places {
    db::Database& database;
    storage::Blobs& blobs;
    storage::Uploads& uploads;

    [[nodiscard]] storage::ObjectStore& objects() const { return blobs.objects(); }
};

// Longer than any dedup answer (24 h) or upload link.
inline constexpr std::chrono::milliseconds kDefaultGrace = std::chrono::hours(48);
inline constexpr std::chrono::milliseconds kDefaultTrashWindow = std::chrono::hours(24 * 7);

} // namespace railhub::collect
