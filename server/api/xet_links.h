// SPDX-License-Identifier: Apache-2.0
// What the hub tells clients of its Xet door: tokens, their URLs, hashes of files (hub-api section
// 10).
#pragma once

#include "core/xet/hash.h"
#include "server/call.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::server::api {

// Where a client sends CAS requests; no slash at the end.
std::string cas_url(const http::Request& request);

struct XetGrant {
    std::string token;
    std::int64_t expires_seconds = 0; // unix
};

// A token for call.repo and the caller; what he may is decided before.
XetGrant grant_xet(const Call& call, XetClaim::Access access);

// The URL that gives such tokens.
std::string xet_token_url(
    const http::Request& request,
    const types::RepoId& id,
    XetClaim::Access access,
    std::string_view revision
);

// The file hash of a large file; nullopt when the storage engine has no recipe of it, and for the
// empty file, which is not worth a reconstruction.
util::Result<std::optional<xet::Hash>>
xet_hash_of(const Call& call, db::Transaction& tx, const types::BlobRef& blob);

// May this caller get a write token for a revision? `opens_pull_request`: for "create_pr=1".
enum class PullRequest : std::uint8_t { Existing, New };
util::Result<bool> may_upload(const Call& call, std::string_view revision, PullRequest request);

} // namespace railhub::server::api
