// SPDX-License-Identifier: Apache-2.0
// fsck: is everything that was acknowledged still there and whole? Changes nothing, but that
// damaged caches are deleted.
#pragma once

#include "core/app/deps.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace railhub::app {

struct FsckOptions {
    // Hash: every object is read and hashed. Presence: only that it is there with its size.
    enum class Blobs : std::uint8_t { Presence, Hash } blobs = Blobs::Hash;
    // A check that was interrupted goes on where it was, unless it is to start anew.
    enum class Begin : std::uint8_t { Continue, Anew } begin = Begin::Continue;
    // How often it writes down where it is.
    std::chrono::milliseconds save_every = std::chrono::seconds(5);
};

struct FsckReport {
    std::vector<std::string> problems; // one line each, subject in quotes; empty when sound
    std::vector<std::string> mended;   // damaged caches that were deleted
    std::uint64_t repos = 0;
    std::uint64_t refs = 0;
    std::uint64_t blobs = 0; // whole files and large git objects in the store
    std::uint64_t xorbs = 0;
    std::uint64_t blob_bytes = 0; // of blobs, xorbs and trash
    std::uint64_t segments = 0;
    std::uint64_t recipes = 0;
    std::uint64_t trashed = 0; // objects in the trash
    std::uint64_t orphans = 0; // objects that nothing needs; the collector takes them
    bool is_continued = false;
};

// Database structure; per repo: refs, every object reachable from them, path index against the
// tree, linked large files; every object of the store; every segment and every recipe; the trash.
// Errors only when the check itself cannot run. Where it was is kept in the database until it ends.
util::Result<FsckReport> fsck(const util::Context& ctx, Deps& deps, const FsckOptions& options);

} // namespace railhub::app
