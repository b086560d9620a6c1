// SPDX-License-Identifier: Apache-2.0
// Who may do what (hub-api sections 3.5 and 2.2). Pure decisions over values.
#pragma once

#include "core/types/repo_id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace railhub::access {

enum class OrgRole : std::uint8_t { Read, Contributor, Write, Admin };
enum class TokenRole : std::uint8_t { Read, Write, FineGrained };
enum class Permission : std::uint8_t { Read, Write, Admin };

std::string_view role_word(OrgRole role);
std::string_view role_word(TokenRole role); // "read", "write", "fineGrained"
util::Result<OrgRole> parse_org_role(std::string_view word);
util::Result<TokenRole> parse_token_role(std::string_view word);

struct Membership {
    std::string org; // canonical case
    OrgRole role = OrgRole::Read;
};

// One grant of a fine-grained token: a repo, or a whole namespace when repo.name is empty.
struct TokenGrant {
    types::RepoId repo;
    Permission permission = Permission::Read;
};

struct TokenInfo {
    std::int64_t id = 0;
    std::string display_name;
    TokenRole role = TokenRole::Read;
    std::vector<TokenGrant> grants; // FineGrained only
    std::int64_t created_ms = 0;
    std::optional<std::int64_t> expires_ms;
};

// Who asks. Anonymous when user is empty. Immutable value for the length of a request.
struct Identity {
    std::int64_t user_id = 0;
    std::string user;
    std::string full_name;
    std::string email;
    bool is_site_admin = false;
    std::vector<Membership> memberships;
    std::optional<TokenInfo> token;

    [[nodiscard]] bool is_anonymous() const { return user.empty(); }
};

// What a decision needs to know of a repo.
struct RepoFacts {
    types::RepoId id;
    bool is_private = false;
    std::string creator; // contributors write only what they created
};

// The highest permission on the repo, nullopt = the repo does not exist for this identity.
std::optional<Permission> permission_on(const Identity& who, const RepoFacts& repo);
// May create repos in this namespace.
bool may_create_in(const Identity& who, types::RepoKind kind, std::string_view owner);

} // namespace railhub::access
