// SPDX-License-Identifier: Apache-2.0
// Tokens of the Xet door (xet specification, section 8.1): what one allows stands in it and is
// sealed with HMAC-SHA-256, so that no table of sessions is kept. Whether its user still may is
// asked anew on each use.
#pragma once

#include "core/util/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::server {

struct XetClaim {
    enum class Access : std::uint8_t { Read, Write };
    Access access = Access::Read;
    std::int64_t repo_row = 0;
    std::string repo;            // public id, so that a new repo in the same row is another
    std::string user;            // empty: anonymous reader of a public repo
    std::int64_t hub_token = 0;  // id of the token it was got with; 0: none
    std::int64_t expires_ms = 0; // whole seconds

    bool operator==(const XetClaim&) const = default;
};

// Immutable, safe from any thread.
class XetTokens {
  public:
    explicit XetTokens(util::Bytes key) : key_(std::move(key)) {}

    // Letters, digits and underscores.
    [[nodiscard]] std::string token_of(const XetClaim& claim) const;

    // Unauthenticated, always with the same words, when the token is none of ours, changed or too
    // late.
    [[nodiscard]] util::Result<XetClaim> check(std::string_view token, std::int64_t now_ms) const;

  private:
    [[nodiscard]] std::string seal(std::string_view payload) const;

    util::Bytes key_;
};

// What a token that is no good gets.
util::Error xet_token_refused();

} // namespace railhub::server
