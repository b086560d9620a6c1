// SPDX-License-Identifier: Apache-2.0
// Search of repos by what their licenses, and those of all they were made from, allow.
#pragma once

#include "core/access/permissions.h"
#include "core/app/deps.h"
#include "core/repo/repo_index.h"

#include <string>
#include <vector>

namespace railhub::app {

struct LicenseQuery {
    types::RepoKind kind = types::RepoKind::Model;
    std::vector<std::string> allows;   // "commercial-use"
    std::vector<std::string> without;  // taxonomy ids, or a family of them: "medical"
    std::vector<std::string> outbound; // licenses that what is made from it may have; AND
    std::vector<std::string> licenses; // its own label is one of these
    std::vector<std::string> verdicts; // one of these
    std::size_t limit = 100;           // 1 to 1,000
    std::int64_t after = 0;            // cursor: LicenseMatches::next
};

struct LicenseFound {
    repo::RepoRecord record;
    std::string verdict;
    bool allows_commerce = false;
    std::vector<std::string> restrictions; // that come along
};

struct LicenseMatches {
    std::vector<LicenseFound> repos; // that the caller may read, oldest first
    std::int64_t next = 0;           // 0: the end; a page may be short, or empty, before it
};

// Judged as strangers see their ancestors; where that leaves terms unknown, somebody who is known
// is told what he sees himself, for the first kMostLookedAt such repos of an answer. What is not
// judged, or has to be judged again, is left out, and so is what has unknown terms where a term is
// asked for. InvalidInput for words that mean nothing, with what they could be.
inline constexpr std::size_t kMostLookedAt = 64;

util::Result<LicenseMatches> search_licenses(
    const util::Context& ctx,
    db::Transaction& tx,
    storage::Blobs& blobs,
    const license::Catalogue& licenses,
    const access::Identity& who,
    const LicenseQuery& query
);

} // namespace railhub::app
