// SPDX-License-Identifier: Apache-2.0
// Lock: what a hub answered about every artifact of a lineage, in one file that is kept with the
// project, so that a check can be repeated without the hub.
//
// railhub.lock is JSON (schemas/railhub-lock.v1): the facts of an artifact nest, every tool reads
// it, and the schema checks it. It is written for review: artifacts sorted, a line a member, and on
// top of each the few lines that people look at: revision, license, hashes of license text and
// card. Those repeat what the facts below say; where they disagree somebody edited the file by hand
// or merged it badly, and it is refused.
#pragma once

#include "core/origin/facts.h"
#include "core/types/repo_id.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::lock {

inline constexpr std::string_view kLockName = "railhub.lock";
inline constexpr std::size_t kMaxLockBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxArtifacts = 20'000;

// How a project or a card names an artifact: a lock answers to these names and no others.
struct Name {
    std::string id;
    std::string revision; // as asked; empty: the default branch

    auto operator<=>(const Name&) const = default;
};

std::string to_text(const Name& name); // "org/base@v1"

struct Artifact {
    types::RepoKind kind = types::RepoKind::Model;
    std::string id;          // as the hub calls it
    std::string revision;    // commit; empty: a repository without history, or absent
    bool is_absent = false;  // the hub had no such artifact, and no facts are there
    std::vector<Name> asked; // names that led here
    std::string knowledge;   // version of the license data that the facts were read with
    origin::Facts facts;

    bool operator==(const Artifact&) const = default;
};

struct Lock {
    std::string endpoint; // the hub that was asked, without credentials
    std::vector<Artifact> artifacts;

    bool operator==(const Lock&) const = default;
};

// Artifacts by kind, id and revision, names sorted.
void sort(Lock& lock);

// Sorted, newline-terminated. Same lock, same bytes.
std::string write_lock(const Lock& lock);

// InvalidInput says where it is no JSON, or which artifact contradicts itself or another one;
// TooLarge past the limits.
util::Result<Lock> parse_lock(std::string_view text);

// "llama2", "other (House Terms)", "mit, apache-2.0"; empty when none is stated.
std::string license_text(const origin::Facts& facts);

// nullptr when the lock does not know the name.
const Artifact* find(const Lock& lock, types::RepoKind kind, const Name& name);

} // namespace railhub::lock
