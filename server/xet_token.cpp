// SPDX-License-Identifier: Apache-2.0
// "xet_" <fields as hex> "_" <seal>: clients hand it on as it is, in a header.
#include "server/xet_token.h"

#include "core/util/digest.h"
#include "core/util/text.h"

#include <limits>
#include <vector>

namespace railhub::server {

namespace {

constexpr std::string_view kTokenPrefix = "xet_";
constexpr std::size_t kSealDigits = 64;
constexpr std::size_t kMaxPayload = 1024;
constexpr std::string_view kReadWord = "read";
constexpr std::string_view kWriteWord = "write";

// Fields in this order, separated by newlines, which none of them can hold.
std::string payload_of(const XetClaim& claim) {
    const std::string_view access =
        claim.access == XetClaim::Access::Write ? kWriteWord : kReadWord;
    return std::string(access) + "\n" + std::to_string(claim.repo_row) + "\n" + claim.repo + "\n" +
           claim.user + "\n" + std::to_string(claim.hub_token) + "\n" +
           std::to_string(claim.expires_ms);
}

bool read_number(std::string_view text, std::int64_t& number) {
    const auto value = util::parse_decimal(text);
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value || *value > kMost) {
        return false;
    }
    number = static_cast<std::int64_t>(*value);
    return true;
}

bool read_claim(std::string_view payload, XetClaim& claim) {
    const auto fields = util::split(payload, '\n');
    if (fields.size() != 6 || (fields[0] != kReadWord && fields[0] != kWriteWord)) {
        return false;
    }
    claim.access = fields[0] == kWriteWord ? XetClaim::Access::Write : XetClaim::Access::Read;
    claim.repo = fields[2];
    claim.user = fields[3];
    return read_number(fields[1], claim.repo_row) && read_number(fields[4], claim.hub_token) &&
           read_number(fields[5], claim.expires_ms);
}

} // namespace

util::Error xet_token_refused() {
    return util::fail(
        util::Code::Unauthenticated,
        "this Xet token is not valid or has expired",
        "ask the hub for a new one"
    );
}

std::string XetTokens::seal(std::string_view payload) const {
    const std::string text = "railhub-xet-1\n" + std::string(payload);
    return util::hmac_sha256(key_, util::as_bytes(text)).hex();
}

std::string XetTokens::token_of(const XetClaim& claim) const {
    const std::string payload = payload_of(claim);
    return std::string(kTokenPrefix) + util::to_hex(util::as_bytes(payload)) + "_" + seal(payload);
}

util::Result<XetClaim> XetTokens::check(std::string_view token, std::int64_t now_ms) const {
    const std::size_t around = kTokenPrefix.size() + 1 + kSealDigits;
    if (!token.starts_with(kTokenPrefix) || token.size() < around) {
        return xet_token_refused();
    }
    const std::string_view hex = token.substr(kTokenPrefix.size(), token.size() - around);
    const std::string_view tail = token.substr(kTokenPrefix.size() + hex.size());
    if (tail[0] != '_' || hex.size() % 2 != 0 || hex.size() > 2 * kMaxPayload) {
        return xet_token_refused();
    }
    util::Bytes payload(hex.size() / 2);
    if (!util::parse_lower_hex(hex, payload).ok()) {
        return xet_token_refused();
    }
    XetClaim claim;
    const std::string_view text = util::as_text(payload);
    if (!util::equal_constant_time(seal(text), tail.substr(1)) || !read_claim(text, claim) ||
        claim.expires_ms <= now_ms) {
        return xet_token_refused();
    }
    return claim;
}

} // namespace railhub::server
