// SPDX-License-Identifier: Apache-2.0
// The one mapping from errors to answers (hub-api section 2): status, X-Error-Code, X-Error-Message
// and a body in the form that the clients of the route read.
#pragma once

#include "core/types/oid.h"
#include "core/util/error.h"
#include "server/http/response.h"

#include <cstdint>
#include <optional>

namespace railhub::server {

// Api: {"error"}. Lfs: {"message"}, with the headers that make git-lfs ask for credentials. Git:
// text, with WWW-Authenticate.
enum class ErrorStyle : std::uint8_t { Api, Lfs, Git };

enum class Caller : std::uint8_t { Anonymous, LoggedIn };

struct ErrorScene {
    ErrorStyle style = ErrorStyle::Api;
    Caller caller = Caller::Anonymous;
    std::optional<types::Oid> commit = {}; // for X-Repo-Commit of missing entries
};

int status_of(const util::Error& error, Caller caller);
http::Response error_reply(const util::Error& error, const ErrorScene& scene);

// True when the error is ours to look into, not the caller's: it is logged.
bool is_our_fault(const util::Error& error);

} // namespace railhub::server
