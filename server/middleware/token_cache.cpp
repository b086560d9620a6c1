// SPDX-License-Identifier: Apache-2.0
#include "server/middleware/token_cache.h"

namespace railhub::server {

namespace {

constexpr std::size_t kMaxKnownTokens = 10'000;

bool is_expired(const access::Identity& who, std::int64_t now_ms) {
    return who.token && who.token->expires_ms && *who.token->expires_ms <= now_ms;
}

} // namespace

util::Result<SharedIdentity> TokenCache::identify(
    db::Transaction& tx, std::int64_t generation, std::int64_t now_ms, std::string_view secret
) {
    const util::Sha256 key = util::sha256(util::as_bytes(secret));
    {
        auto state = state_.access();
        if (state->generation != generation) {
            state->known.clear();
            state->generation = generation;
        }
        const auto row = state->known.find(key);
        if (row != state->known.end()) {
            return is_expired(*row->second, now_ms) ? nullptr : row->second;
        }
    }
    RAILHUB_TRY(auto found, access::authenticate(tx, now_ms, secret));
    if (!found) {
        return SharedIdentity();
    }
    auto who = std::make_shared<const access::Identity>(std::move(*found));
    auto state = state_.access();
    if (state->generation == generation && state->known.size() < kMaxKnownTokens) {
        state->known.emplace(key, who);
    }
    return SharedIdentity(std::move(who));
}

} // namespace railhub::server
