// SPDX-License-Identifier: Apache-2.0
// Tokens of accounts.h: made, listed, revoked, and turned into an Identity.
#include "core/access/accounts.h"
#include "core/access/generation.h"
#include "core/util/digest.h"
#include "core/util/text.h"

namespace railhub::access {

namespace {

constexpr std::size_t kSecretLength = 40; // 62^40: 238 bits
constexpr std::string_view kSecretPrefix = "hf_";
constexpr std::size_t kMaxSecretLength = 256;

constexpr std::string_view kTokenByHash =
    "SELECT t.id, t.display_name, t.role, t.created_ms, t.expires_ms, a.id, a.name, a.full_name, "
    "a.email, a.is_site_admin FROM token t JOIN account a ON a.id = t.account "
    "WHERE t.secret_hash = ?";

std::string_view permission_word(Permission permission) {
    switch (permission) {
    case Permission::Read:
        return "read";
    case Permission::Write:
        return "write";
    case Permission::Admin:
        return "admin";
    }
    return "read";
}

Permission parse_stored_permission(std::string_view word) {
    if (word == "admin") {
        return Permission::Admin;
    }
    return word == "write" ? Permission::Write : Permission::Read;
}

util::Sha256 hash_of(std::string_view secret) {
    return util::sha256(util::as_bytes(secret));
}

util::Result<> insert_grant(db::Transaction& tx, std::int64_t token, const TokenGrant& grant) {
    RAILHUB_TRY(types::check_namespace(grant.repo.owner));
    if (!grant.repo.name.empty()) {
        RAILHUB_TRY(types::check_repo_name(grant.repo.name));
    }
    RAILHUB_TRY(
        auto insert,
        tx.prepare(
            "INSERT INTO token_grant (token, kind, owner, name, permission) VALUES (?, ?, ?, ?, ?)"
        )
    );
    insert.bind(token, types::kind_word(grant.repo.kind), grant.repo.owner, grant.repo.name);
    RAILHUB_TRY(insert.bind(permission_word(grant.permission)).run());
    return {};
}

util::Result<std::vector<TokenGrant>> grants_of(db::Transaction& tx, std::int64_t token) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT kind, owner, name, permission FROM token_grant WHERE token = ? "
                   "ORDER BY owner, name, kind")
    );
    rows.bind(token);
    std::vector<TokenGrant> grants;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return grants;
        }
        TokenGrant grant;
        RAILHUB_TRY(grant.repo.kind, types::parse_kind(rows.text(0)));
        grant.repo.owner = rows.text(1);
        grant.repo.name = rows.text(2);
        grant.permission = parse_stored_permission(rows.text(3));
        grants.push_back(std::move(grant));
    }
}

// Columns id, display_name, role, created_ms, expires_ms from 0.
util::Result<TokenInfo> token_of(db::Transaction& tx, db::Statement& row) {
    TokenInfo info;
    info.id = row.integer(0);
    info.display_name = row.text(1);
    RAILHUB_TRY(info.role, parse_token_role(row.text(2)));
    info.created_ms = row.integer(3);
    if (!row.is_null(4)) {
        info.expires_ms = row.integer(4);
    }
    if (info.role == TokenRole::FineGrained) {
        RAILHUB_TRY(info.grants, grants_of(tx, info.id));
    }
    return info;
}

util::Result<std::vector<Membership>> memberships_of(db::Transaction& tx, std::int64_t user) {
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT a.name, m.role FROM membership m JOIN account a ON a.id = m.org "
                   "WHERE m.member = ? ORDER BY a.name_key")
    );
    rows.bind(user);
    std::vector<Membership> memberships;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return memberships;
        }
        RAILHUB_TRY(const OrgRole role, parse_org_role(rows.text(1)));
        memberships.push_back({std::string(rows.text(0)), role});
    }
}

util::Result<Account> require_user(db::Transaction& tx, std::string_view user) {
    RAILHUB_TRY(auto account, find_account(tx, user));
    if (!account || account->is_org) {
        return util::fail(util::Code::NotFound, "no user '" + std::string(user) + "'");
    }
    return std::move(*account);
}

util::Result<> check_token_request(
    std::string_view display_name, TokenRole role, const std::vector<TokenGrant>& grants
) {
    if (display_name.empty() || display_name.size() > 100 || !util::is_valid_utf8(display_name)) {
        return util::fail(util::Code::InvalidInput, "a token needs a name of 1 to 100 characters");
    }
    if (grants.empty() == (role == TokenRole::FineGrained)) {
        return util::fail(
            util::Code::InvalidInput,
            role == TokenRole::FineGrained ? "a fine-grained token needs at least one grant"
                                           : "only fine-grained tokens take grants"
        );
    }
    return {};
}

} // namespace

util::Result<NewToken> create_token(
    db::Transaction& tx,
    util::Random& random,
    std::int64_t now_ms,
    std::string_view user,
    std::string_view display_name,
    TokenRole role,
    const std::vector<TokenGrant>& grants,
    std::optional<std::int64_t> expires_ms
) {
    RAILHUB_TRY(check_token_request(display_name, role, grants));
    RAILHUB_TRY(const Account account, require_user(tx, user));
    NewToken token;
    token.secret = std::string(kSecretPrefix) + util::random_alphanumeric(random, kSecretLength);
    token.info = {0, std::string(display_name), role, grants, now_ms, expires_ms};
    const util::Sha256 hash = hash_of(token.secret);
    RAILHUB_TRY(
        auto insert,
        tx.prepare(
            "INSERT INTO token (account, display_name, role, created_ms, expires_ms, secret_hash) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, display_name) DO NOTHING"
        )
    );
    insert.bind(account.id, display_name, role_word(role), now_ms, expires_ms, hash.view());
    RAILHUB_TRY(const std::int64_t added, insert.run());
    if (added == 0) {
        return util::fail(
            util::Code::AlreadyExists,
            "'" + account.name + "' already has a token named '" + std::string(display_name) + "'",
            "choose another name or revoke that token first"
        );
    }
    token.info.id = tx.last_insert_id();
    for (const TokenGrant& grant : grants) {
        RAILHUB_TRY(insert_grant(tx, token.info.id, grant));
    }
    RAILHUB_TRY(move_access_generation(tx));
    return token;
}

util::Result<std::vector<TokenInfo>> list_tokens(db::Transaction& tx, std::string_view user) {
    RAILHUB_TRY(const Account account, require_user(tx, user));
    RAILHUB_TRY(
        auto rows,
        tx.prepare("SELECT id, display_name, role, created_ms, expires_ms FROM token "
                   "WHERE account = ? ORDER BY id")
    );
    rows.bind(account.id);
    std::vector<TokenInfo> tokens;
    while (true) {
        RAILHUB_TRY(const bool more, rows.step());
        if (!more) {
            return tokens;
        }
        RAILHUB_TRY(auto token, token_of(tx, rows));
        tokens.push_back(std::move(token));
    }
}

util::Result<>
revoke_token(db::Transaction& tx, std::string_view user, std::string_view display_name) {
    RAILHUB_TRY(const Account account, require_user(tx, user));
    RAILHUB_TRY(
        auto grants,
        tx.prepare("DELETE FROM token_grant WHERE token IN "
                   "(SELECT id FROM token WHERE account = ? AND display_name = ?)")
    );
    RAILHUB_TRY(grants.bind(account.id, display_name).run());
    RAILHUB_TRY(auto token, tx.prepare("DELETE FROM token WHERE account = ? AND display_name = ?"));
    RAILHUB_TRY(const std::int64_t removed, token.bind(account.id, display_name).run());
    if (removed == 0) {
        return util::fail(
            util::Code::NotFound,
            "'" + account.name + "' has no token named '" + std::string(display_name) + "'"
        );
    }
    return move_access_generation(tx);
}

util::Result<std::optional<Identity>>
authenticate(db::Transaction& tx, std::int64_t now_ms, std::string_view secret) {
    if (secret.size() > kMaxSecretLength || !secret.starts_with(kSecretPrefix)) {
        return std::optional<Identity>{};
    }
    RAILHUB_TRY(auto row, tx.prepare(kTokenByHash));
    const util::Sha256 hash = hash_of(secret);
    RAILHUB_TRY(const bool found, row.bind(hash.view()).step());
    if (!found) {
        return std::optional<Identity>{};
    }
    Identity who;
    RAILHUB_TRY(who.token, token_of(tx, row));
    if (who.token->expires_ms && *who.token->expires_ms <= now_ms) {
        return std::optional<Identity>{};
    }
    who.user_id = row.integer(5);
    who.user = row.text(6);
    who.full_name = row.text(7);
    who.email = row.text(8);
    who.is_site_admin = row.integer(9) != 0;
    RAILHUB_TRY(who.memberships, memberships_of(tx, who.user_id));
    return std::optional(std::move(who));
}

util::Result<Identity> identity_of(db::Transaction& tx, std::string_view user) {
    RAILHUB_TRY(const Account account, require_user(tx, user));
    Identity who;
    who.user_id = account.id;
    who.user = account.name;
    who.full_name = account.full_name;
    who.email = account.email;
    who.is_site_admin = account.is_site_admin;
    RAILHUB_TRY(who.memberships, memberships_of(tx, who.user_id));
    return who;
}

} // namespace railhub::access
