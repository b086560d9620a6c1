// SPDX-License-Identifier: Apache-2.0
// Answers that carry the bytes of a file.
#pragma once

#include "core/repo/repository.h"
#include "server/http/request.h"
#include "server/http/response.h"

#include <memory>
#include <string>
#include <string_view>

namespace railhub::server::api {

// The body for a reader or for bytes in memory; keeps its source alive until the last byte is sent.
http::FileBody file_body(std::shared_ptr<storage::ObjectReader> reader);
http::FileBody file_body(std::string bytes);

// By the ending of the name; never a type that a browser would run.
std::string_view content_type_of(std::string_view path);

// "inline; filename*=UTF-8''n; filename=\"n\";", or attachment (hub-api section 8.3).
std::string content_disposition(const http::Request& request, std::string_view path);

// Headers that keep a browser from running what users upload.
void add_content_guards(http::Response& response);

} // namespace railhub::server::api
