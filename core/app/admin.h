// SPDX-License-Identifier: Apache-2.0
// What `railhub admin user|org|token` does. Each call is one transaction with its audit row.
#pragma once

#include "core/access/accounts.h"
#include "core/app/deps.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace railhub::app {

// A site admin named "admin" with a write token, if there is no account yet; nullopt otherwise.
util::Result<std::optional<access::NewToken>>
ensure_first_admin(const util::Context& ctx, Deps& deps);

struct AccountRequest {
    std::string name;
    std::string full_name = {}; // empty: the name
    std::string email = {};
    enum class Site : std::uint8_t { Ordinary, Admin } site = Site::Ordinary;
};

util::Result<access::Account>
add_user(const util::Context& ctx, Deps& deps, const AccountRequest& request);
util::Result<access::Account>
add_org(const util::Context& ctx, Deps& deps, const AccountRequest& request);
util::Result<std::vector<access::Account>> accounts(const util::Context& ctx, Deps& deps);
// Conflict while the account owns repos.
util::Result<> remove_account(const util::Context& ctx, Deps& deps, const std::string& name);

util::Result<> set_member(
    const util::Context& ctx,
    Deps& deps,
    const std::string& org,
    const std::string& user,
    access::OrgRole role
);
util::Result<> remove_member(
    const util::Context& ctx, Deps& deps, const std::string& org, const std::string& user
);
util::Result<std::vector<access::Member>>
members(const util::Context& ctx, Deps& deps, const std::string& org);

struct TokenRequest {
    std::string user;
    std::string name;
    access::TokenRole role = access::TokenRole::Write;
    std::vector<access::TokenGrant> grants = {}; // FineGrained only
    std::optional<std::chrono::milliseconds> lifetime = {};
};

util::Result<access::NewToken>
issue_token(const util::Context& ctx, Deps& deps, const TokenRequest& request);
util::Result<std::vector<access::TokenInfo>>
tokens(const util::Context& ctx, Deps& deps, const std::string& user);
util::Result<> revoke_token(
    const util::Context& ctx, Deps& deps, const std::string& user, const std::string& name
);

// "models/acme/bert:write", "acme:read" (a whole namespace): how people write a grant.
util::Result<access::TokenGrant> parse_grant(std::string_view text);

} // namespace railhub::app
