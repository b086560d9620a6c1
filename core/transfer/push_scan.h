// SPDX-License-Identifier: Apache-2.0
// Which local files a push is about. Internal to core/transfer.
#pragma once

#include "core/transfer/push.h"

namespace railhub::transfer {

// Sorted by path. .git, .cache/huggingface and links to folders are left out. InvalidInput when a
// name cannot be a path in a repo, NotFound when there is no source.
util::Result<std::vector<PushItem>>
scan_source(const util::Context& ctx, util::Fs& fs, const PushRequest& request);

// Reads a file of the disk from its start.
util::Result<std::unique_ptr<util::Reader>> open_reader(util::Fs& fs, const std::string& path);

// The same for bytes [begin, end).
util::Result<std::unique_ptr<util::Reader>>
open_reader(util::Fs& fs, const std::string& path, std::uint64_t begin, std::uint64_t end);

} // namespace railhub::transfer
