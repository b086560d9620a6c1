// SPDX-License-Identifier: Apache-2.0
// Who the caller is (hub-api section 3.2) and what he may (3.3).
#include "core/access/accounts.h"
#include "server/api/handlers.h"
#include "server/api/json.h"

namespace railhub::server::api {

namespace {

util::Result<util::Json> orgs_of(db::Transaction& tx, const access::Identity& who) {
    auto orgs = util::Json::array();
    for (const access::Membership& membership : who.memberships) {
        RAILHUB_TRY(const auto org, access::find_account(tx, membership.org));
        if (!org) {
            continue;
        }
        orgs.push_back(util::Json::object(
            {{"type", "org"},
             {"id", org->public_id},
             {"name", org->name},
             {"fullname", org->full_name},
             {"email", nullptr},
             {"canPay", false},
             {"periodEnd", nullptr},
             {"avatarUrl", ""},
             {"isEnterprise", false},
             {"roleInOrg", access::role_word(membership.role)}}
        ));
    }
    return orgs;
}

std::string_view permission_name(access::Permission permission) {
    return permission == access::Permission::Read ? "repo.content.read" : "repo.write";
}

util::Json scope_json(const access::TokenInfo& token) {
    auto scoped = util::Json::array();
    for (const access::TokenGrant& grant : token.grants) {
        const bool is_namespace = grant.repo.name.empty();
        auto permissions = util::Json::array();
        permissions.push_back(permission_name(grant.permission));
        scoped.push_back(util::Json::object(
            {{"entity",
              util::Json::object(
                  {{"type", is_namespace ? "namespace" : types::kind_word(grant.repo.kind)},
                   {"name", is_namespace ? grant.repo.owner : grant.repo.full_name()}}
              )},
             {"permissions", std::move(permissions)}}
        ));
    }
    return util::Json::object(
        {{"scoped", std::move(scoped)},
         {"global", util::Json::array()},
         {"canReadGatedRepos", false}}
    );
}

util::Json auth_json(const access::Identity& who) {
    const access::TokenInfo& token = *who.token;
    auto access_token = util::Json::object(
        {{"displayName", token.display_name},
         {"role", access::role_word(token.role)},
         {"createdAt", iso_date_of_millis(token.created_ms)}}
    );
    if (token.role == access::TokenRole::FineGrained) {
        access_token.set("fineGrained", scope_json(token));
    }
    auto auth =
        util::Json::object({{"type", "access_token"}, {"accessToken", std::move(access_token)}});
    if (token.expires_ms) {
        auth.set("expiresAt", iso_date_of_millis(*token.expires_ms));
    }
    return auth;
}

} // namespace

Reply whoami(Call& call) {
    RAILHUB_TRY(begin_snapshot(call));
    const access::Identity& who = call.who();
    RAILHUB_TRY(const auto account, access::find_account(*call.tx, who.user));
    RAILHUB_TRY(auto orgs, orgs_of(*call.tx, who));
    auto body = util::Json::object(
        {{"type", "user"},
         {"id", account ? account->public_id : ""},
         {"name", who.user},
         {"fullname", who.full_name},
         {"email", who.email.empty() ? util::Json() : util::Json(who.email)},
         {"emailVerified", !who.email.empty()},
         {"canPay", false},
         {"isPro", false},
         {"periodEnd", nullptr},
         {"avatarUrl", ""},
         {"billingMode", "postpaid"},
         {"orgs", std::move(orgs)}}
    );
    if (who.token) {
        body.set("auth", auth_json(who));
    }
    return http::Response::json(200, body);
}

Reply auth_check(Call& /*call*/) {
    return http::Response::json(200, util::Json::object());
}

} // namespace railhub::server::api
