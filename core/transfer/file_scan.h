// SPDX-License-Identifier: Apache-2.0
// One pass over a local file: its SHA-256, and its chunks with their hashes when a push through Xet
// needs them. Internal to core/transfer.
#pragma once

#include "core/util/context.h"
#include "core/util/digest.h"
#include "core/util/fs.h"
#include "core/xet/hash.h"

#include <vector>

namespace railhub::transfer {

enum class ScanDepth : std::uint8_t {
    Sha256,
    Chunks,  // with hashes, and SHA-256
    Borders, // sizes of chunks alone
};

struct FileScan {
    util::Sha256 sha256;
    std::uint64_t size = 0;
    std::vector<xet::Leaf> chunks; // hashes are zero when only borders were asked for
};

// Reads in blocks, chunks hashed in a thread beside the scan: about 35 MB of memory, and 40 bytes a
// chunk.
util::Result<FileScan> scan_file(
    const util::Context& ctx,
    util::Fs& fs,
    const std::string& path,
    ScanDepth depth,
    util::Task& task
);

} // namespace railhub::transfer
