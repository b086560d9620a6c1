// SPDX-License-Identifier: Apache-2.0
// Is a README.md's metadata well-formed? (hub-api section 12.1)
#include "core/card/validate.h"

#include "server/api/handlers.h"
#include "server/api/json.h"

namespace railhub::server::api {

Reply validate_yaml(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.card_body));
    RAILHUB_TRY(const std::string content, text_member(body, "content"));
    RAILHUB_TRY(const std::string word, text_member(body, "repoType"));
    auto kind = types::RepoKind::Model;
    if (!word.empty()) {
        RAILHUB_TRY(kind, types::parse_kind(word));
    }
    const card::Validation validation = card::validate(content, kind);
    const int status = validation.ok() ? 200 : 400;
    const bool wants_text = call.request.headers.text("Accept").starts_with("text/plain");
    if (wants_text && !validation.ok()) {
        return http::Response::text(status, card::validation_text(validation));
    }
    auto response = http::Response::json(status, card::validation_reply(validation));
    if (!validation.ok()) {
        response.header("X-Error-Message", "Invalid metadata in README.md");
    }
    return response;
}

} // namespace railhub::server::api
