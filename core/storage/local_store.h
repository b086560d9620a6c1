// SPDX-License-Identifier: Apache-2.0
// Objects as files of a local folder (core/storage/layout.h). Below 1 MiB an object is one buffered
// write; above, blocks go past the page cache, several in flight (core/storage/bulk_writer.h).
#pragma once

#include "core/storage/bulk_writer.h"
#include "core/storage/object_store.h"

namespace railhub::storage {

struct LocalStoreOptions {
    BulkEngine engine = BulkEngine::Auto;
    // Files kept open and mapped for readers to come.
    std::size_t open_objects = 128;
    // Temporaries untouched for that long, and locked by nobody, are removed when the store is
    // opened.
    std::chrono::milliseconds stale_after = std::chrono::hours(1);
};

// Creates the folder when absent. Conflict when its format is newer than this program. `fs` is
// borrowed. Several processes may have the same folder open.
util::Result<std::unique_ptr<ObjectStore>> open_local_store(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& root,
    const LocalStoreOptions& options = {}
);

} // namespace railhub::storage
