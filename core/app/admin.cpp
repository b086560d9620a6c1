// SPDX-License-Identifier: Apache-2.0
// Accounts, organisations and tokens, each change with its audit row.
#include "core/app/admin.h"

#include "core/repo/push.h"
#include "core/repo/repo_index.h"
#include "core/util/text.h"

#include <array>

namespace railhub::app {

namespace {

constexpr std::string_view kFirstAdmin = "admin";
constexpr std::string_view kLocalActor = "(command line)";

std::int64_t now_of(const util::Context& ctx) {
    return util::to_millis(ctx.clock.now());
}

util::Result<> audit(
    const util::Context& ctx,
    db::Transaction& tx,
    std::string_view action,
    std::string_view subject,
    util::Json detail = util::Json::object()
) {
    return repo::add_audit(
        tx,
        {now_of(ctx),
         std::string(kLocalActor),
         std::string(action),
         std::string(subject),
         detail.dump()}
    );
}

// Runs `change` in a write transaction and commits.
template <class Change>
auto changed(const util::Context& ctx, Deps& deps, const Change& change)
    -> decltype(change(std::declval<db::Transaction&>())) {
    RAILHUB_TRY(auto tx, deps.database.begin_write(ctx));
    auto result = change(*tx);
    if (result.ok()) {
        RAILHUB_TRY(tx->commit());
    }
    return result;
}

template <class Read>
auto seen(const util::Context& ctx, Deps& deps, const Read& read)
    -> decltype(read(std::declval<db::Transaction&>())) {
    RAILHUB_TRY(auto tx, deps.database.begin_read(ctx));
    return read(*tx);
}

util::Result<bool> owns_repos(db::Transaction& tx, const std::string& name) {
    using types::RepoKind;
    for (const RepoKind kind : {RepoKind::Model, RepoKind::Dataset, RepoKind::Space}) {
        repo::RepoFilter filter;
        filter.kind = kind;
        filter.owner = name;
        filter.sees_all = true;
        filter.limit = 1;
        RAILHUB_TRY(const repo::RepoPage page, repo::list_repos(tx, filter));
        if (!page.repos.empty()) {
            return true;
        }
    }
    return false;
}

util::Result<access::NewToken>
make_token(const util::Context& ctx, Deps& deps, db::Transaction& tx, const TokenRequest& request) {
    std::optional<std::int64_t> expires;
    if (request.lifetime) {
        expires = now_of(ctx) + request.lifetime->count();
    }
    RAILHUB_TRY(
        auto token,
        access::create_token(
            tx,
            deps.random,
            now_of(ctx),
            request.user,
            request.name,
            request.role,
            request.grants,
            expires
        )
    );
    RAILHUB_TRY(audit(
        ctx,
        tx,
        "token.create",
        request.user,
        util::Json::object({{"name", request.name}, {"role", access::role_word(request.role)}})
    ));
    return token;
}

} // namespace

util::Result<std::optional<access::NewToken>>
ensure_first_admin(const util::Context& ctx, Deps& deps) {
    using Answer = std::optional<access::NewToken>;
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<Answer> {
        RAILHUB_TRY(const auto existing, access::list_accounts(tx));
        if (!existing.empty()) {
            return Answer{};
        }
        RAILHUB_TRY(
            access::create_user(tx, deps.random, now_of(ctx), kFirstAdmin, "Administrator", "")
        );
        RAILHUB_TRY(access::make_site_admin(tx, kFirstAdmin));
        RAILHUB_TRY(audit(ctx, tx, "user.create", kFirstAdmin));
        TokenRequest request;
        request.user = kFirstAdmin;
        request.name = "first start";
        RAILHUB_TRY(auto token, make_token(ctx, deps, tx, request));
        return Answer(std::move(token));
    });
}

util::Result<access::Account>
add_user(const util::Context& ctx, Deps& deps, const AccountRequest& request) {
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<access::Account> {
        RAILHUB_TRY(
            auto account,
            access::create_user(
                tx, deps.random, now_of(ctx), request.name, request.full_name, request.email
            )
        );
        if (request.site == AccountRequest::Site::Admin) {
            RAILHUB_TRY(access::make_site_admin(tx, account.name));
            account.is_site_admin = true;
        }
        RAILHUB_TRY(audit(ctx, tx, "user.create", account.name));
        return account;
    });
}

util::Result<access::Account>
add_org(const util::Context& ctx, Deps& deps, const AccountRequest& request) {
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<access::Account> {
        RAILHUB_TRY(
            auto account,
            access::create_org(tx, deps.random, now_of(ctx), request.name, request.full_name)
        );
        RAILHUB_TRY(audit(ctx, tx, "org.create", account.name));
        return account;
    });
}

util::Result<std::vector<access::Account>> accounts(const util::Context& ctx, Deps& deps) {
    return seen(ctx, deps, [](db::Transaction& tx) { return access::list_accounts(tx); });
}

util::Result<> remove_account(const util::Context& ctx, Deps& deps, const std::string& name) {
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<> {
        RAILHUB_TRY(const bool owns, owns_repos(tx, name));
        if (owns) {
            return util::fail(
                util::Code::Conflict, "'" + name + "' still owns repos", "delete or move them first"
            );
        }
        RAILHUB_TRY(access::delete_account(tx, name));
        return audit(ctx, tx, "account.delete", name);
    });
}

util::Result<> set_member(
    const util::Context& ctx,
    Deps& deps,
    const std::string& org,
    const std::string& user,
    access::OrgRole role
) {
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<> {
        RAILHUB_TRY(access::add_member(tx, org, user, role));
        const auto detail = util::Json::object({{"user", user}, {"role", access::role_word(role)}});
        return audit(ctx, tx, "org.member", org, detail);
    });
}

util::Result<> remove_member(
    const util::Context& ctx, Deps& deps, const std::string& org, const std::string& user
) {
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<> {
        RAILHUB_TRY(access::remove_member(tx, org, user));
        return audit(ctx, tx, "org.member.remove", org, util::Json::object({{"user", user}}));
    });
}

util::Result<std::vector<access::Member>>
members(const util::Context& ctx, Deps& deps, const std::string& org) {
    return seen(ctx, deps, [&](db::Transaction& tx) { return access::list_members(tx, org); });
}

util::Result<access::NewToken>
issue_token(const util::Context& ctx, Deps& deps, const TokenRequest& request) {
    return changed(ctx, deps, [&](db::Transaction& tx) {
        return make_token(ctx, deps, tx, request);
    });
}

util::Result<std::vector<access::TokenInfo>>
tokens(const util::Context& ctx, Deps& deps, const std::string& user) {
    return seen(ctx, deps, [&](db::Transaction& tx) { return access::list_tokens(tx, user); });
}

util::Result<> revoke_token(
    const util::Context& ctx, Deps& deps, const std::string& user, const std::string& name
) {
    return changed(ctx, deps, [&](db::Transaction& tx) -> util::Result<> {
        RAILHUB_TRY(access::revoke_token(tx, user, name));
        return audit(ctx, tx, "token.revoke", user, util::Json::object({{"name", name}}));
    });
}

util::Result<access::TokenGrant> parse_grant(std::string_view text) {
    const auto bad = [&] {
        return util::fail(
            util::Code::InvalidInput,
            "bad grant '" + std::string(text) + "'",
            "write models/OWNER/NAME:write, datasets/OWNER/NAME:read, or OWNER:read"
        );
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return bad();
    }
    const std::array<std::pair<std::string_view, access::Permission>, 3> words = {
        {{"read", access::Permission::Read},
         {"write", access::Permission::Write},
         {"admin", access::Permission::Admin}}};
    access::TokenGrant grant;
    bool is_known = false;
    for (const auto& [word, permission] : words) {
        if (text.substr(colon + 1) == word) {
            grant.permission = permission;
            is_known = true;
        }
    }
    const auto parts = util::split(text.substr(0, colon), '/');
    if (!is_known || (parts.size() != 1 && parts.size() != 3)) {
        return bad();
    }
    if (parts.size() == 1) {
        grant.repo.owner = parts[0];
        RAILHUB_TRY(types::check_namespace(grant.repo.owner));
        return grant;
    }
    RAILHUB_TRY(const types::RepoKind kind, types::parse_kind_plural(parts[0]));
    RAILHUB_TRY(
        grant.repo, types::RepoId::parse(kind, std::string(parts[1]) + "/" + std::string(parts[2]))
    );
    return grant;
}

} // namespace railhub::app
