// SPDX-License-Identifier: Apache-2.0
#include "server/middleware/token_cache.h"

namespace railhub::server {

namespace {

constexpr std::size_t kMaxKnownTokens = 10'000;

bool is_expired(const access::Identity& who, std::int64_t now_ms) {
    return who.token && who.token->expires_ms && *who.token->expires_ms <= now_ms;
}

// As authenticate() gives it, but found by its id.
util::Result<std::optional<access::Identity>>
load_session(db::Transaction& tx, std::int64_t now_ms, const TokenCache::Session& session) {
    auto who = access::identity_of(tx, session.user);
    if (!who.ok() && who.error().code == util::Code::NotFound) {
        return std::optional<access::Identity>{};
    }
    if (!who.ok() || session.token == 0) {
        return who.ok() ? util::Result<std::optional<access::Identity>>(std::move(who).value())
                        : who.error();
    }
    RAILHUB_TRY(auto tokens, access::list_tokens(tx, session.user));
    for (access::TokenInfo& token : tokens) {
        if (token.id == session.token) {
            who->token = std::move(token);
            return is_expired(*who, now_ms) ? std::optional<access::Identity>{}
                                            : std::optional(std::move(who).value());
        }
    }
    return std::optional<access::Identity>{};
}

} // namespace

util::Result<SharedIdentity> TokenCache::remembered(
    const util::Sha256& key, std::int64_t generation, std::int64_t now_ms, const Load& load
) {
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
    RAILHUB_TRY(auto found, load());
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

util::Result<SharedIdentity> TokenCache::identify(
    db::Transaction& tx, std::int64_t generation, std::int64_t now_ms, std::string_view secret
) {
    return remembered(util::sha256(util::as_bytes(secret)), generation, now_ms, [&] {
        return access::authenticate(tx, now_ms, secret);
    });
}

util::Result<SharedIdentity> TokenCache::identify_session(
    db::Transaction& tx, std::int64_t generation, std::int64_t now_ms, const Session& session
) {
    // No secret has a newline: it comes out of a header.
    const std::string text = "session\n" + session.user + "\n" + std::to_string(session.token);
    return remembered(util::sha256(util::as_bytes(text)), generation, now_ms, [&] {
        return load_session(tx, now_ms, session);
    });
}

} // namespace railhub::server
