// SPDX-License-Identifier: Apache-2.0
// Tokens for the Xet door (hub-api section 10.1), in the body and in headers: old clients read only
// those.
#include "server/api/handlers.h"
#include "server/api/xet_links.h"

namespace railhub::server::api {

namespace {

// Python writes this where it has no revision: with create_pr=1.
constexpr std::string_view kNoRevision = "None";

util::Result<> check_revision(Call& call, std::string_view revision) {
    if (revision == kNoRevision) {
        return {};
    }
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(revision_of(call, revision));
    return {};
}

http::Response grant_reply(const Call& call, XetClaim::Access access) {
    const XetGrant grant = grant_xet(call, access);
    const std::string url = cas_url(call.request);
    auto response = http::Response::json(
        200,
        util::Json::object(
            {{"accessToken", grant.token}, {"exp", grant.expires_seconds}, {"casUrl", url}}
        )
    );
    response.header("X-Xet-Access-Token", grant.token);
    response.header("X-Xet-Token-Expiration", std::to_string(grant.expires_seconds));
    response.header("X-Xet-Cas-Url", url);
    response.header("Cache-Control", "no-store");
    return response;
}

} // namespace

Reply xet_read_token(Call& call) {
    RAILHUB_TRY(check_revision(call, call.request.param("rev")));
    return grant_reply(call, XetClaim::Access::Read);
}

Reply xet_write_token(Call& call) {
    RAILHUB_TRY(begin_snapshot(call));
    const std::string_view revision = call.request.param("rev");
    const bool is_new = call.request.query_flag("create_pr");
    RAILHUB_TRY(
        const bool may,
        may_upload(call, revision, is_new ? PullRequest::New : PullRequest::Existing)
    );
    if (!may) {
        return util::fail(
            util::Code::PermissionDenied,
            "You don't have the rights to write to the " + call.repo->record.id.describe()
        );
    }
    RAILHUB_TRY(check_revision(call, revision));
    return grant_reply(call, XetClaim::Access::Write);
}

} // namespace railhub::server::api
