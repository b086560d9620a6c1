// SPDX-License-Identifier: Apache-2.0
// Call: one request on its way through a handler, with what the dispatcher found out before.
#pragma once

#include "core/app/locate.h"
#include "core/repo/repository.h"
#include "server/http/request.h"
#include "server/http/response.h"
#include "server/services.h"

#include <memory>
#include <optional>

namespace railhub::server {

// Lives for the length of the handler call. One thread at a time.
struct Call {
    Services& services;
    util::Context ctx;
    http::Request& request;
    SharedIdentity identity; // never null; anonymous when nobody logged in

    // GET routes of Scope::Read and Scope::File: one snapshot for the whole request. Null
    // otherwise, so that a slow body holds no snapshot: see begin_snapshot().
    std::unique_ptr<db::Transaction> tx = nullptr;
    std::int64_t content_generation = 0;

    types::RepoId id = {};                                  // as the route names it
    std::optional<app::FoundRepo> repo = {};                // all repo scopes but File
    std::unique_ptr<repo::Repository> repository = nullptr; // see open_repository()
    std::optional<XetClaim> xet = {};                       // Xet scopes
    std::optional<types::Oid> commit = {}; // what the revision was resolved to: for X-Repo-Commit

    [[nodiscard]] const access::Identity& who() const { return *identity; }

    [[nodiscard]] app::Deps& deps() const { return services.deps; }
};

using Handler = util::Result<http::Response> (*)(Call&);

// Opens call.repository on call.tx (which must be there) once.
util::Result<> open_repository(Call& call);
// Resolves the rest of the route's path, parameter `name`, into revision and path. Sets
// call.commit. Needs an open repository.
util::Result<app::RevisionAndPath> revision_and_path(Call& call, std::size_t first_segment);
// Resolves a revision that is one parameter.
util::Result<repo::Resolved> revision_of(Call& call, std::string_view revision);

// Begins a read transaction for a handler whose scope gave it none.
util::Result<> begin_snapshot(Call& call);

// The body as text, inflated if it is gzip; TooLarge past `max_bytes`.
util::Result<std::string> body_text(Call& call, std::uint64_t max_bytes);
// The body as a JSON object; no body at all is {}.
util::Result<util::Json> body_json(Call& call, std::uint64_t max_bytes);

// Query parameter as a number within bounds; InvalidInput when it is none.
util::Result<std::size_t> query_number(
    const http::Request& request, std::string_view name, std::size_t fallback, std::size_t most
);

// "http://host[/prefix]/datasets/owner/name": base of links to the repo.
std::string repo_url(const http::Request& request, const types::RepoId& id);
std::string api_url(const http::Request& request, const types::RepoId& id);
// <url>; rel="next" with the request's own query, `changes` replaced (hub-api 1.4).
std::string next_link(const http::Request& request, const util::QueryPairs& changes);

} // namespace railhub::server
