// SPDX-License-Identifier: Apache-2.0
// fsck: is everything that was acknowledged still there and whole? Reads only.
#pragma once

#include "core/app/deps.h"

#include <cstdint>
#include <string>
#include <vector>

namespace railhub::app {

struct FsckOptions {
    // Hash: every blob is read and hashed. Presence: only that it is there with its size.
    enum class Blobs : std::uint8_t { Presence, Hash } blobs = Blobs::Hash;
};

struct FsckReport {
    std::vector<std::string> problems; // one line each, subject in quotes; empty when sound
    std::uint64_t repos = 0;
    std::uint64_t refs = 0;
    std::uint64_t blobs = 0; // whole files and large git objects in the store
    std::uint64_t blob_bytes = 0;
};

// Database structure; per repo: refs, every object reachable from them, path index against the
// tree, linked large files; the object store. Errors only when the check itself cannot run.
util::Result<FsckReport> fsck(const util::Context& ctx, Deps& deps, const FsckOptions& options);

} // namespace railhub::app
