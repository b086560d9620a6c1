// SPDX-License-Identifier: Apache-2.0
// A commit through the API (hub-api section 7.4).
#include "core/app/publish.h"
#include "core/util/text.h"
#include "server/api/commit_lines.h"
#include "server/api/gate_reply.h"
#include "server/api/handlers.h"
#include "server/http/inflating_reader.h"

namespace railhub::server::api {

namespace {

util::Result<> read_wish(Call& call, Spool& spool, app::CommitWish& wish) {
    const Limits& limits = call.services.limits;
    http::Body& body = *call.request.body;
    body.limit(limits.commit_body);
    const CommitLimits bounds{limits.regular_file, limits.commit_operations};
    const std::string encoding = util::lower(call.request.headers.text("Content-Encoding"));
    if (encoding.empty() || encoding == "identity") {
        return read_commit_lines(body, spool, bounds, wish);
    }
    if (encoding != "gzip") {
        return util::fail(util::Code::InvalidInput, "unknown content encoding '" + encoding + "'");
    }
    http::InflateLimits inflate;
    inflate.max_bytes = limits.commit_body;
    http::InflatingReader inflated(body, inflate);
    return read_commit_lines(inflated, spool, bounds, wish);
}

} // namespace

Reply commit(Call& call) {
    const auto fs = util::make_posix_fs();
    Spool spool(*fs, call.deps().random, call.deps().quarantine_folder);
    app::CommitWish wish;
    wish.repo = call.id;
    wish.revision = call.request.param("rev");
    if (call.request.query_flag("create_pr")) {
        wish.pull_request = app::CommitWish::PullRequest::Open;
    }
    RAILHUB_TRY(read_wish(call, spool, wish));
    RAILHUB_TRY(const auto answer, app::publish(call.ctx, call.deps(), call.who(), wish));
    if (!answer.commit) {
        return gate_refusal(answer.gate);
    }
    const std::string url = repo_url(call.request, answer.repo);
    const std::string oid = answer.commit->hex();
    auto body = util::Json::object(
        {{"success", true},
         {"commitOid", oid},
         {"commitUrl", url + "/commit/" + oid},
         {"hookOutput", answer.gate.message}}
    );
    if (answer.pull_request) {
        body.set("pullRequestUrl", url + "/discussions/" + std::to_string(*answer.pull_request));
    }
    auto response = http::Response::json(200, body);
    add_gate_warning(response, answer.gate);
    return response;
}

} // namespace railhub::server::api
