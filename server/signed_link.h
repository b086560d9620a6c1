// SPDX-License-Identifier: Apache-2.0
// Signed links: what a link allows stands in its query and is sealed with HMAC-SHA-256 under a key
// of the server, because LFS clients send no credentials to the links of a batch answer (hub-api
// section 9.2).
#pragma once

#include "core/util/bytes.h"
#include "core/util/url.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::server {

// One permission: this user may do this with this object of this repo until then.
struct LinkClaim {
    std::string action; // "put", "get", "part", "complete", "verify"
    std::string repo;   // public id of the repo, so that a new one of the same name is another
    std::string object; // sha256 in hex
    std::uint64_t size = 0;
    std::uint64_t part_size = 0; // multipart only
    std::uint32_t part = 0;      // 1-based; 0: none
    std::string user;            // empty: anonymous reader of a public repo
    std::int64_t expires_ms = 0;
};

// Immutable, safe from any thread.
class LinkSigner {
  public:
    explicit LinkSigner(util::Bytes key) : key_(std::move(key)) {}

    // "?size=...&sig=...": goes behind the path, which names repo and object for people.
    [[nodiscard]] std::string query_of(const LinkClaim& claim) const;

    // The claim of a query. PermissionDenied, always with the same words, when anything is missing,
    // changed or too late, or `action` or `object` are others than asked for.
    [[nodiscard]] util::Result<LinkClaim> check(
        const util::QueryPairs& query,
        std::string_view action,
        std::string_view object,
        std::int64_t now_ms
    ) const;

  private:
    [[nodiscard]] std::string seal(const LinkClaim& claim) const;

    util::Bytes key_;
};

} // namespace railhub::server
