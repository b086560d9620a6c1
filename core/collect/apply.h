// SPDX-License-Identifier: Apache-2.0
// Apply: takes away what a plan names, as far as it is still not needed. Rows go to the trash in
// one transaction, objects in a later one: whoever needs an object again meanwhile finds it or
// sends it anew, and a kill at any point leaves entries that the next call finishes.
//
// The rule that makes it safe: an uploader looks, inside his write transaction, that the object is
// there before he writes the row that names it; the collector looks, inside his, that no row names
// the object before he moves it.
#pragma once

#include "core/collect/places.h"
#include "core/collect/plan.h"

namespace railhub::collect {

struct Applied {
    std::uint64_t git_objects = 0;
    std::uint64_t links = 0;
    std::uint64_t repos = 0;
    std::uint64_t uploads = 0;
    std::uint64_t files = 0;
    std::uint64_t segments = 0;
    std::uint64_t objects = 0; // moved to the trash
    std::uint64_t bytes = 0;   // of those
    std::uint64_t caches = 0;  // deleted
    std::uint64_t kept = 0;    // needed again since the plan was made
};

// Applying a plan again, or an older one, takes nothing that is needed.
util::Result<Applied> apply(const util::Context& ctx, const Places& places, const Plan& plan);
// What an interrupted apply() left to move.
util::Result<Applied> finish(const util::Context& ctx, const Places& places);

} // namespace railhub::collect
