// SPDX-License-Identifier: Apache-2.0
// Words for roles, and the decisions: namespace, organisation role, token scope, visibility.
#include "core/access/permissions.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::access {

namespace {

using MaybePermission = std::optional<Permission>;

constexpr std::array<std::pair<OrgRole, std::string_view>, 4> kOrgRoleWords = {
    {{OrgRole::Read, "read"},
     {OrgRole::Contributor, "contributor"},
     {OrgRole::Write, "write"},
     {OrgRole::Admin, "admin"}}};

constexpr std::array<std::pair<TokenRole, std::string_view>, 3> kTokenRoleWords = {
    {{TokenRole::Read, "read"},
     {TokenRole::Write, "write"},
     {TokenRole::FineGrained, "fineGrained"}}};

template <class Table, class Role>
std::string_view word_in(const Table& table, Role role) {
    const auto row =
        std::find_if(table.begin(), table.end(), [&](const auto& r) { return r.first == role; });
    RAILHUB_ASSERT(row != table.end());
    return row->second;
}

const Membership* membership_in(const Identity& who, std::string_view org) {
    const auto row =
        std::find_if(who.memberships.begin(), who.memberships.end(), [&](const Membership& m) {
            return util::equal_ignore_case(m.org, org);
        });
    return row == who.memberships.end() ? nullptr : &*row;
}

MaybePermission
member_permission(const Identity& who, const Membership& member, const RepoFacts& repo) {
    switch (member.role) {
    case OrgRole::Read:
        return Permission::Read;
    case OrgRole::Contributor:
        return util::equal_ignore_case(repo.creator, who.user) ? Permission::Write
                                                               : Permission::Read;
    case OrgRole::Write:
        return Permission::Write;
    case OrgRole::Admin:
        return Permission::Admin;
    }
    return std::nullopt;
}

MaybePermission public_permission(const RepoFacts& repo) {
    return repo.is_private ? MaybePermission{} : Permission::Read;
}

// Without regard to the token.
MaybePermission user_permission(const Identity& who, const RepoFacts& repo) {
    if (who.is_anonymous()) {
        return public_permission(repo);
    }
    if (who.is_site_admin || util::equal_ignore_case(repo.id.owner, who.user)) {
        return Permission::Admin;
    }
    if (const Membership* member = membership_in(who, repo.id.owner)) {
        return member_permission(who, *member, repo);
    }
    return public_permission(repo);
}

// Names are compared without case; a grant without a name covers the whole namespace.
bool covers(const TokenGrant& grant, const types::RepoId& repo) {
    if (!util::equal_ignore_case(grant.repo.owner, repo.owner)) {
        return false;
    }
    return grant.repo.name.empty() ||
           (grant.repo.kind == repo.kind && util::equal_ignore_case(grant.repo.name, repo.name));
}

MaybePermission granted(const TokenInfo& token, const types::RepoId& repo) {
    MaybePermission best;
    for (const TokenGrant& grant : token.grants) {
        if (covers(grant, repo)) {
            best = std::max(best, MaybePermission(grant.permission));
        }
    }
    return best;
}

} // namespace

std::string_view role_word(OrgRole role) {
    return word_in(kOrgRoleWords, role);
}

std::string_view role_word(TokenRole role) {
    return word_in(kTokenRoleWords, role);
}

util::Result<OrgRole> parse_org_role(std::string_view word) {
    for (const auto& [role, name] : kOrgRoleWords) {
        if (name == word) {
            return role;
        }
    }
    return util::fail(
        util::Code::InvalidInput,
        "unknown role '" + std::string(word) + "'",
        "roles are read, contributor, write, admin"
    );
}

util::Result<TokenRole> parse_token_role(std::string_view word) {
    for (const auto& [role, name] : kTokenRoleWords) {
        if (util::equal_ignore_case(name, word) ||
            (role == TokenRole::FineGrained && word == "fine-grained")) {
            return role;
        }
    }
    return util::fail(
        util::Code::InvalidInput,
        "unknown token role '" + std::string(word) + "'",
        "roles are read, write, fine-grained"
    );
}

MaybePermission permission_on(const Identity& who, const RepoFacts& repo) {
    const MaybePermission mine = user_permission(who, repo);
    if (!who.token || !mine) {
        return mine;
    }
    switch (who.token->role) {
    case TokenRole::Read:
        return Permission::Read;
    case TokenRole::Write:
        return mine;
    case TokenRole::FineGrained:
        return std::max(std::min(mine, granted(*who.token, repo.id)), public_permission(repo));
    }
    return std::nullopt;
}

bool may_create_in(const Identity& who, types::RepoKind kind, std::string_view owner) {
    if (who.is_anonymous() || (who.token && who.token->role == TokenRole::Read)) {
        return false;
    }
    const Membership* member = membership_in(who, owner);
    const bool user_may = who.is_site_admin || util::equal_ignore_case(owner, who.user) ||
                          (member != nullptr && member->role >= OrgRole::Contributor);
    if (!user_may || !who.token || who.token->role != TokenRole::FineGrained) {
        return user_may;
    }
    const types::RepoId anything{kind, std::string(owner), ""};
    return granted(*who.token, anything) >= MaybePermission(Permission::Write);
}

} // namespace railhub::access
