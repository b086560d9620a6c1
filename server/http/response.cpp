// SPDX-License-Identifier: Apache-2.0
// Common answers.
#include "server/http/response.h"

namespace railhub::http {

Response Response::text(int status, std::string body, std::string_view content_type) {
    Response response;
    response.status = status;
    response.header("Content-Type", content_type);
    response.body = std::move(body);
    return response;
}

Response Response::json(int status, const util::Json& body) {
    return text(status, body.dump(), "application/json; charset=utf-8");
}

Response Response::empty(int status) {
    Response response;
    response.status = status;
    return response;
}

} // namespace railhub::http
