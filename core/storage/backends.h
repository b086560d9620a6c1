// SPDX-License-Identifier: Apache-2.0
// THE TABLE of physical places: scheme -> factory. A row is all it takes: the contract suite runs
// over every row.
#pragma once

#include "core/storage/object_store.h"
#include "core/util/fs.h"

#include <span>

namespace railhub::storage {

struct Backend {
    std::string_view scheme;
    std::string_view sentence;
    // `place` is the location behind "scheme:".
    util::Result<std::unique_ptr<ObjectStore>> (*open
    )(const util::Context& ctx, util::Fs& fs, const std::string& place);
};

std::span<const Backend> backends();

// "file:/srv/railhub/store", "memory:", or a bare path, which is a file store. `fs` is borrowed.
util::Result<std::unique_ptr<ObjectStore>>
open_store(const util::Context& ctx, util::Fs& fs, std::string_view location);

} // namespace railhub::storage
