// SPDX-License-Identifier: Apache-2.0
// Mark: finds what nothing needs any more. Deletes nothing.
//
// Needed is: what the refs of any repo reach (branches, tags, pull requests); large files that
// repos link, that were received for a commit within the grace, or are being received in parts; git
// objects that are kept as blobs; the recipes of all that, their segments, and the blobs and xorbs
// that hold those; segments used or named in a dedup answer within the grace; objects published
// within the grace; everything of a repo deleted within the grace. Git objects that became
// unreachable stay for the grace, counted from the first marking that saw it.
#pragma once

#include "core/collect/places.h"
#include "core/collect/plan.h"

namespace railhub::collect {

struct MarkOptions {
    std::chrono::milliseconds grace = kDefaultGrace;
    // Remembers which git objects are unreachable since now; their grace counts from there.
    enum class Note : std::uint8_t { Yes, No } note = Note::Yes;
};

// On one snapshot of the database.
util::Result<Plan> mark(const util::Context& ctx, const Places& places, const MarkOptions& options);

} // namespace railhub::collect
