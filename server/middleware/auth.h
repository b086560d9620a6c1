// SPDX-License-Identifier: Apache-2.0
// Credentials of a request: Bearer token, or Basic with the token as password (git, git-lfs).
#pragma once

#include "server/http/request.h"

#include <optional>
#include <string>

namespace railhub::server {

// The token that was sent; nullopt when no credentials were, empty when they are unreadable.
std::optional<std::string> token_of(const http::Headers& headers);

// What every invalid token gets, word for word (hub-api section 2.2).
util::Error invalid_token();

} // namespace railhub::server
