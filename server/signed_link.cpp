// SPDX-License-Identifier: Apache-2.0
#include "server/signed_link.h"

#include "core/util/digest.h"
#include "core/util/text.h"

#include <limits>

namespace railhub::server {

namespace {

// Fields in this order, each ended by a newline, which none of them can hold.
std::string sealed_text(const LinkClaim& claim) {
    std::string text = "railhub-link-1\n";
    for (const std::string& field :
         {claim.action,
          claim.repo,
          claim.object,
          std::to_string(claim.size),
          std::to_string(claim.part_size),
          std::to_string(claim.part),
          claim.user,
          std::to_string(claim.expires_ms)}) {
        text += field + "\n";
    }
    return text;
}

std::string_view value_of(const util::QueryPairs& query, std::string_view name) {
    for (const auto& [key, value] : query) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::uint64_t number_of(const util::QueryPairs& query, std::string_view name) {
    return util::parse_decimal(value_of(query, name)).value_or(0);
}

} // namespace

std::string LinkSigner::seal(const LinkClaim& claim) const {
    return util::hmac_sha256(key_, util::as_bytes(sealed_text(claim))).hex();
}

std::string LinkSigner::query_of(const LinkClaim& claim) const {
    std::string query = "?repo=" + claim.repo + "&size=" + std::to_string(claim.size);
    if (claim.part_size != 0) {
        query += "&part_size=" + std::to_string(claim.part_size);
    }
    if (claim.part != 0) {
        query += "&part=" + std::to_string(claim.part);
    }
    if (!claim.user.empty()) {
        query += "&user=" + util::percent_encode(claim.user);
    }
    return query + "&expires=" + std::to_string(claim.expires_ms) + "&sig=" + seal(claim);
}

util::Result<LinkClaim> LinkSigner::check(
    const util::QueryPairs& query,
    std::string_view action,
    std::string_view object,
    std::int64_t now_ms
) const {
    LinkClaim claim;
    claim.action = action;
    claim.object = object;
    claim.repo = value_of(query, "repo");
    claim.size = number_of(query, "size");
    claim.part_size = number_of(query, "part_size");
    const std::uint64_t part = number_of(query, "part");
    const std::uint64_t expires = number_of(query, "expires");
    claim.user = value_of(query, "user");
    const bool fits =
        part <= std::numeric_limits<std::uint32_t>::max() &&
        expires <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (fits) {
        claim.part = static_cast<std::uint32_t>(part);
        claim.expires_ms = static_cast<std::int64_t>(expires);
    }
    const bool is_sealed = util::equal_constant_time(seal(claim), value_of(query, "sig"));
    if (!fits || !is_sealed || claim.expires_ms <= now_ms) {
        return util::fail(
            util::Code::PermissionDenied,
            "this link is not valid or has expired",
            "ask for a new one through the LFS batch API"
        );
    }
    return claim;
}

} // namespace railhub::server
