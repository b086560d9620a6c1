// SPDX-License-Identifier: Apache-2.0
// Branches and tags made, removed and squashed (hub-api sections 7.1 and 7.2).
#include "core/app/refs.h"
#include "server/api/handlers.h"
#include "server/api/json.h"

namespace railhub::server::api {

namespace {

http::Response done() {
    return http::Response::json(200, util::Json::object());
}

std::string rest_of(const Call& call) {
    return std::string(call.request.param("ref"));
}

} // namespace

Reply create_branch(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    app::BranchWish wish;
    wish.name = rest_of(call);
    RAILHUB_TRY(wish.start, text_member(body, "startingPoint"));
    if (body.flag("emptyBranch")) {
        wish.content = app::BranchWish::Content::Empty;
    }
    if (body.flag("overwrite")) {
        wish.if_there = app::BranchWish::IfThere::Overwrite;
    }
    RAILHUB_TRY(app::make_branch(call.ctx, call.deps(), call.who(), call.id, wish));
    return done();
}

Reply delete_branch(Call& call) {
    RAILHUB_TRY(app::remove_branch(call.ctx, call.deps(), call.who(), call.id, rest_of(call)));
    return done();
}

Reply create_tag(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    app::TagWish wish;
    wish.revision = rest_of(call);
    RAILHUB_TRY(wish.name, text_member(body, "tag"));
    RAILHUB_TRY(wish.message, text_member(body, "message"));
    RAILHUB_TRY(app::make_tag(call.ctx, call.deps(), call.who(), call.id, wish));
    return done();
}

Reply delete_tag(Call& call) {
    RAILHUB_TRY(app::remove_tag(call.ctx, call.deps(), call.who(), call.id, rest_of(call)));
    return done();
}

Reply super_squash(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    app::SquashWish wish{rest_of(call), {}};
    RAILHUB_TRY(wish.message, text_member(body, "message"));
    RAILHUB_TRY(
        const types::Oid commit,
        app::squash_history(call.ctx, call.deps(), call.who(), call.id, wish)
    );
    return http::Response::json(200, util::Json::object({{"commitId", commit.hex()}}));
}

} // namespace railhub::server::api
