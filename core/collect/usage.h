// SPDX-License-Identifier: Apache-2.0
// Usage: how many bytes repos, owners and the whole hub have, take, and would give back.
#pragma once

#include "core/collect/places.h"

#include <string>
#include <vector>

namespace railhub::collect {

struct Usage {
    std::string name; // "models/acme/bert", "acme", or empty
    std::uint64_t repos = 0;
    // Files as their readers see them, each content once a repo, and git objects.
    std::uint64_t logical = 0;
    // What they take: an object that several repos use counts for each of them in equal parts.
    std::uint64_t physical = 0;
    // Of what nothing refers to any more: what collections give back once grace and trash are over.
    std::uint64_t freeable = 0;
};

struct UsageReport {
    std::vector<Usage> repos; // largest first
    std::vector<Usage> owners;
    // All of it; its physical bytes are those of every object in the store and of git objects in
    // the database.
    Usage server;
    std::uint64_t trash = 0;  // of those: in the trash
    std::uint64_t caches = 0; // of those: packs kept for clones
};

util::Result<UsageReport> measure(const util::Context& ctx, const Places& places);

} // namespace railhub::collect
