// SPDX-License-Identifier: Apache-2.0
// Checks of the storage engine's rows: chunk lists against their hashes, recipes against chunk
// lists, and that the objects they name are there.
#pragma once

#include "core/app/deps.h"

#include <functional>

namespace railhub::app {

using ProblemSink = std::function<void(std::string)>;

// Merkle hash, sizes, and the object that holds the bytes.
util::Result<> check_segment(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::ObjectStore& store,
    std::int64_t segment,
    const ProblemSink& sink
);
// Terms in bounds, sizes that sum up, and the file hash computed anew from the chunk hashes.
util::Result<> check_recipe(db::Transaction& tx, std::int64_t file, const ProblemSink& sink);
// Entries of the trash have their objects.
util::Result<> check_trash(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::ObjectStore& store,
    const ProblemSink& sink
);

} // namespace railhub::app
