// SPDX-License-Identifier: Apache-2.0
#include "server/middleware/xet_auth.h"

#include "core/access/generation.h"
#include "core/app/discussions.h"
#include "server/middleware/auth.h"

namespace railhub::server {

namespace {

util::Error may_not_write() {
    return util::fail(util::Code::PermissionDenied, "this Xet token may only read");
}

// The user as of now, held to what the hub token allows that he came with.
util::Result<> identify_by_claim(Call& call, std::int64_t now_ms) {
    if (call.xet->user.empty()) {
        return {};
    }
    RAILHUB_TRY(const access::Generations generations, access::generations(*call.tx));
    RAILHUB_TRY(
        SharedIdentity who,
        call.services.tokens.identify_session(
            *call.tx, generations.access, now_ms, {call.xet->user, call.xet->hub_token}
        )
    );
    if (who == nullptr) {
        return xet_token_refused();
    }
    call.identity = std::move(who);
    return {};
}

} // namespace

util::Result<> read_xet_token(Call& call) {
    const auto token = token_of(call.request.headers);
    if (!token) {
        return xet_token_refused();
    }
    const std::int64_t now = util::to_millis(call.ctx.clock.now());
    RAILHUB_TRY(call.xet, call.services.xet_tokens.check(*token, now));
    return {};
}

util::Result<> admit_xet(Call& call, XetClaim::Access need) {
    const bool writes = need == XetClaim::Access::Write;
    if (writes && call.xet->access != XetClaim::Access::Write) {
        return may_not_write();
    }
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(identify_by_claim(call, util::to_millis(call.ctx.clock.now())));
    RAILHUB_TRY(auto record, repo::find_repo_row(*call.tx, call.xet->repo_row));
    if (!record || record->public_id != call.xet->repo) {
        return xet_token_refused();
    }
    const auto permission = access::permission_on(call.who(), app::facts_of(*record));
    if (!permission) {
        return xet_token_refused();
    }
    // Who may propose uploads for a pull request; the commit is what is decided on.
    if (writes && !app::may_propose(call.who(), *permission)) {
        return may_not_write();
    }
    call.id = record->id;
    call.repo = app::FoundRepo{std::move(*record), *permission, false};
    return {};
}

} // namespace railhub::server
