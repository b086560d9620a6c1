// SPDX-License-Identifier: Apache-2.0
// Merging a pull request (hub-api section 11.2).
#include "core/app/merge.h"

#include "core/util/text.h"
#include "server/api/gate_reply.h"
#include "server/api/handlers.h"

namespace railhub::server::api {

Reply merge_pull_request(Call& call) {
    const auto number = util::parse_decimal(call.request.param("number"));
    if (!number || *number == 0 || *number > 1'000'000'000) {
        return util::fail(util::Code::NotFound, "no such pull request");
    }
    RAILHUB_TRY(
        const auto answer,
        app::merge_pull_request(
            call.ctx, call.deps(), call.who(), call.id, static_cast<std::int64_t>(*number)
        )
    );
    if (!answer.commit) {
        return gate_refusal(answer.gate);
    }
    auto response = http::Response::json(
        200,
        util::Json::object(
            {{"success", true},
             {"status", "merged"},
             {"mergeCommitId", answer.commit->hex()},
             {"hookOutput", answer.gate.message}}
        )
    );
    add_gate_warning(response, answer.gate);
    return response;
}

} // namespace railhub::server::api
