// SPDX-License-Identifier: Apache-2.0
// Users, organisations, memberships and tokens in the database. Tokens are stored as SHA-256 of
// their text (238 random bits); the secret is shown once. All calls are inside the caller's
// transaction; those that change something also move the access generation (generation.h).
#pragma once

#include "core/access/permissions.h"
#include "core/db/database.h"
#include "core/util/random.h"

#include <vector>

namespace railhub::access {

struct Account {
    std::int64_t id = 0;
    std::string public_id; // 24 hex characters
    std::string name;      // unique without regard to case, users and organisations together
    std::string full_name;
    std::string email;
    bool is_org = false;
    bool is_site_admin = false;
    std::int64_t created_ms = 0;
};

struct NewToken {
    std::string secret; // "hf_" + 40 alphanumerics; never stored
    TokenInfo info;
};

// `now_ms` is wall time. AlreadyExists, NotFound, InvalidInput as usual.
util::Result<Account> create_user(
    db::Transaction& tx,
    util::Random& random,
    std::int64_t now_ms,
    std::string_view name,
    std::string_view full_name,
    std::string_view email
);
util::Result<Account> create_org(
    db::Transaction& tx,
    util::Random& random,
    std::int64_t now_ms,
    std::string_view name,
    std::string_view full_name
);
util::Result<std::optional<Account>>
find_account(db::Transaction& tx, std::string_view name); // any case
util::Result<std::vector<Account>> list_accounts(db::Transaction& tx);
util::Result<std::optional<Account>>
find_user_by_email(db::Transaction& tx, std::string_view email);
// With its memberships and tokens. Whether it still owns repos is the caller's question
// (app::remove_account asks).
util::Result<> delete_account(db::Transaction& tx, std::string_view name);
util::Result<> make_site_admin(db::Transaction& tx, std::string_view user);
util::Result<> add_member(
    db::Transaction& tx, std::string_view org, std::string_view user, OrgRole role
); // changes the role if a member
util::Result<> remove_member(db::Transaction& tx, std::string_view org, std::string_view user);

struct Member {
    std::string user;
    OrgRole role = OrgRole::Read;
};

util::Result<std::vector<Member>> list_members(db::Transaction& tx, std::string_view org);
util::Result<NewToken> create_token(
    db::Transaction& tx,
    util::Random& random,
    std::int64_t now_ms,
    std::string_view user,
    std::string_view display_name,
    TokenRole role,
    const std::vector<TokenGrant>& grants,
    std::optional<std::int64_t> expires_ms
);
util::Result<std::vector<TokenInfo>> list_tokens(db::Transaction& tx, std::string_view user);
util::Result<>
revoke_token(db::Transaction& tx, std::string_view user, std::string_view display_name);
// nullopt: unknown, expired or revoked.
util::Result<std::optional<Identity>>
authenticate(db::Transaction& tx, std::int64_t now_ms, std::string_view secret);
// Identity of a user without a token (for jobs and the command line on the same machine).
util::Result<Identity> identity_of(db::Transaction& tx, std::string_view user);

} // namespace railhub::access
