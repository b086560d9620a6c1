// SPDX-License-Identifier: Apache-2.0
// Checks the store itself: the place, the names, and on demand every byte. What refers to blobs is
// checked by those who own the references.
#pragma once

#include "core/storage/blobs.h"

namespace railhub::storage {

enum class FsckDepth : std::uint8_t {
    Structure, // names and places
    Data       // also reads and hashes every object
};

struct FsckReport {
    std::uint64_t blobs = 0; // loose ones
    std::uint64_t xorbs = 0;
    std::uint64_t trashed = 0; // objects in the trash
    std::uint64_t packs = 0;   // kept for clones
    std::uint64_t bytes = 0;   // of all but packs
    // One line each: what is wrong and how to mend it; empty when sound.
    std::vector<std::string> findings;
    // What was wrong and is mended: damaged packs are deleted, the next clone makes them anew.
    std::vector<std::string> mended;
};

// Fails only where it cannot go on (cancelled, folder unreadable); damage is a finding.
util::Result<FsckReport> fsck(const util::Context& ctx, Blobs& blobs, FsckDepth depth);
// One object, added to the report.
util::Result<> check_object(
    const util::Context& ctx,
    ObjectStore& store,
    FsckDepth depth,
    const ObjectInfo& info,
    FsckReport& report
);

} // namespace railhub::storage
