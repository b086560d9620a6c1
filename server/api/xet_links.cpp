// SPDX-License-Identifier: Apache-2.0
#include "server/api/xet_links.h"

#include "core/app/discussions.h"
#include "core/cas/engine.h"

namespace railhub::server::api {

std::string cas_url(const http::Request& request) {
    return request.base_url + "/cas";
}

XetGrant grant_xet(const Call& call, XetClaim::Access access) {
    const std::int64_t now = util::to_millis(call.ctx.clock.now());
    XetGrant grant;
    grant.expires_seconds = (now + call.services.limits.xet_token_lifetime.count()) / 1000;
    XetClaim claim;
    claim.access = access;
    claim.repo_row = call.repo->record.row;
    claim.repo = call.repo->record.public_id;
    claim.user = call.who().user;
    claim.hub_token = call.who().token ? call.who().token->id : 0;
    claim.expires_ms = grant.expires_seconds * 1000;
    grant.token = call.services.xet_tokens.token_of(claim);
    return grant;
}

std::string xet_token_url(
    const http::Request& request,
    const types::RepoId& id,
    XetClaim::Access access,
    std::string_view revision
) {
    const std::string_view word =
        access == XetClaim::Access::Write ? "xet-write-token" : "xet-read-token";
    return api_url(request, id) + "/" + std::string(word) + "/" + util::percent_encode(revision);
}

util::Result<std::optional<xet::Hash>>
xet_hash_of(const Call& call, db::Transaction& tx, const types::BlobRef& blob) {
    if (blob.size == 0) {
        return std::optional<xet::Hash>{};
    }
    RAILHUB_TRY(const auto file, call.deps().engine.find_file(tx, blob.sha256));
    return file ? std::optional(file->hash) : std::nullopt;
}

util::Result<bool> may_upload(const Call& call, std::string_view revision, PullRequest request) {
    const access::Permission permission = call.repo->permission;
    if (permission >= access::Permission::Write) {
        return true;
    }
    if (!app::may_propose(call.who(), permission)) {
        return false;
    }
    if (request == PullRequest::New) {
        return true;
    }
    const auto number = app::pull_request_number(revision);
    if (!number) {
        return false;
    }
    RAILHUB_TRY(const auto found, app::find_pull_request(*call.tx, call.repo->record.row, *number));
    return found && found->author == call.who().user_id;
}

} // namespace railhub::server::api
