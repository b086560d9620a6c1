// SPDX-License-Identifier: Apache-2.0
// A lock between processes on one file, the way the Python package `filelock` takes it (flock), so
// that both tools keep out of each other's downloads.
#pragma once

#include "core/util/context.h"
#include "core/util/fs.h"

namespace railhub::transfer {

// Held until destroyed; the file stays. Not for two threads of one process on the same path.
class FileLock {
  public:
    // Waits; Cancelled when asked to stop. Makes the folders above.
    static util::Result<FileLock>
    acquire(const util::Context& ctx, util::Fs& fs, const std::string& path);

  private:
    explicit FileLock(util::FileHandle handle) : handle_(std::move(handle)) {}

    util::FileHandle handle_;
};

} // namespace railhub::transfer
