// SPDX-License-Identifier: Apache-2.0
// THE TABLE of routes: the API is this list; docs/http-api.md is printed from it.
#pragma once

#include "server/call.h"
#include "server/middleware/error_reply.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::server {

// What the dispatcher does before the handler runs.
enum class Scope : std::uint8_t {
    Probe,    // credentials are not looked at
    Open,     // anybody; invalid credentials are refused
    User,     // somebody logged in
    Read,     // the repo must be readable; GET: its snapshot is open in the handler
    File,     // as Read, but the handler finds the repo itself, through the cache
    Propose,  // the repo must be readable by somebody logged in; the use case decides on
    Write,    // the repo must be writable
    Signed,   // the link carries its rights
    Sealed,   // the same, and it names no repo
    XetAny,   // a Xet token with a good seal; the handler looks at the rest
    XetRead,  // a Xet token; GET and HEAD: the snapshot is open in the handler
    XetWrite, // a Xet token to write
};

std::string_view scope_word(Scope scope);
bool is_xet(Scope scope);

// In patterns, {repo} stands for owner/name. Behind "/api/{kind}/" the kind is in the path; at the
// beginning the route is served for models, /datasets/... and /spaces/...
struct Route {
    http::Method method;
    std::string_view pattern;
    std::string_view name; // in log and metrics
    Scope scope;
    ErrorStyle style;
    Handler handler;
    std::string_view sentence;
};

std::span<const Route> routes();

// A route with {repo} written out.
struct ExpandedRoute {
    const Route* route;
    std::optional<types::RepoKind> kind; // of web routes
    std::string pattern;
};

std::vector<ExpandedRoute> expand(std::span<const Route> table);

// docs/http-api.md.
std::string routes_page();

} // namespace railhub::server
