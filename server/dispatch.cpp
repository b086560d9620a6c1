// SPDX-License-Identifier: Apache-2.0
#include "server/dispatch.h"

#include "core/access/generation.h"
#include "server/middleware/auth.h"
#include "server/middleware/xet_auth.h"

#include <algorithm>

namespace railhub::server {

namespace {

std::vector<http::Router::Row> router_rows(const std::vector<ExpandedRoute>& rows) {
    std::vector<http::Router::Row> list;
    list.reserve(rows.size());
    for (const ExpandedRoute& row : rows) {
        list.push_back({row.route->method, row.pattern});
    }
    return list;
}

bool names_repo(Scope scope) {
    switch (scope) {
    case Scope::Read:
    case Scope::File:
    case Scope::Propose:
    case Scope::Write:
    case Scope::Signed:
        return true;
    case Scope::Probe:
    case Scope::Open:
    case Scope::User:
    case Scope::Sealed:
    case Scope::XetAny:
    case Scope::XetRead:
    case Scope::XetWrite:
        return false;
    }
    return false;
}

// The repo that the route's parameters name. Names that cannot be are repos that are not there.
util::Result<types::RepoId> named_repo(const http::Request& request, const ExpandedRoute& row) {
    std::string_view name = request.param("name");
    if (name.ends_with(".git")) {
        name.remove_suffix(4);
    }
    types::RepoId id;
    if (row.kind) {
        id.kind = *row.kind;
    } else {
        const auto kind = types::parse_kind_plural(request.param("kind"));
        if (!kind.ok()) {
            return util::fail(util::Code::NotFound, "Not found");
        }
        id.kind = *kind;
    }
    const std::string full = std::string(request.param("owner")) + "/" + std::string(name);
    auto parsed = types::RepoId::parse(id.kind, full);
    if (!parsed.ok()) {
        return app::repo_missing();
    }
    return parsed;
}

// Paths of repos with one-segment ids, which only huggingface.co itself has:
// "/api/models/gpt2/...",
// "/gpt2/resolve/...".
bool looks_like_short_repo(const http::Request& request) {
    const auto& segments = request.segments;
    if (segments.size() >= 3 && segments[0] == "api") {
        return types::parse_kind_plural(segments[1]).ok();
    }
    const std::size_t skip =
        !segments.empty() && (segments[0] == "datasets" || segments[0] == "spaces") ? 1 : 0;
    return segments.size() >= skip + 3 &&
           (segments[skip + 1] == "resolve" || segments[skip + 1] == "raw");
}

SharedIdentity anonymous() {
    static const SharedIdentity kAnonymous = std::make_shared<const access::Identity>();
    return kAnonymous;
}

Caller caller_of(const Call& call) {
    return call.who().is_anonymous() ? Caller::Anonymous : Caller::LoggedIn;
}

util::Error login_needed() {
    return util::fail(util::Code::Unauthenticated, "Invalid username or password.");
}

} // namespace

Dispatcher::Dispatcher(Services& services, std::span<const Route> table)
    : services_(services), rows_(expand(table)), router_(router_rows(rows_)) {}

http::Response Dispatcher::answer(http::Request& request) const {
    Call call{
        .services = services_, .ctx = services_.ctx, .request = request, .identity = anonymous()};
    const http::Router::Match match = router_.match(request);
    const ExpandedRoute* row =
        match.row >= 0 ? &rows_[static_cast<std::size_t>(match.row)] : nullptr;
    request.route = row != nullptr ? row->route->name : "unmatched";
    auto result = row != nullptr ? serve(call, *row) : serve_unmatched(call, match);
    if (result.ok()) {
        return std::move(result).value();
    }
    const util::Error& error = result.error();
    if (is_our_fault(error)) {
        services_.ctx.log.error(
            "request failed",
            {{"request", request.request_id},
             {"route", request.route},
             {"error", util::to_line(error)}}
        );
    }
    ErrorScene scene;
    scene.style = row != nullptr ? row->route->style : ErrorStyle::Api;
    scene.caller = caller_of(call);
    scene.commit = call.commit;
    return error_reply(error, scene);
}

util::Result<> Dispatcher::identify(Call& call) const {
    RAILHUB_TRY(call.tx, call.deps().database.begin_read(call.ctx));
    RAILHUB_TRY(const access::Generations generations, access::generations(*call.tx));
    call.content_generation = generations.content;
    const auto token = token_of(call.request.headers);
    if (!token) {
        return {};
    }
    const std::int64_t now = util::to_millis(call.ctx.clock.now());
    RAILHUB_TRY(
        SharedIdentity who, services_.tokens.identify(*call.tx, generations.access, now, *token)
    );
    if (who == nullptr) {
        return invalid_token();
    }
    call.identity = std::move(who);
    return {};
}

util::Result<> Dispatcher::admit(Call& call, const ExpandedRoute& row) const {
    const Scope scope = row.route->scope;
    if (names_repo(scope)) {
        RAILHUB_TRY(call.id, named_repo(call.request, row));
    }
    if (scope == Scope::Read || scope == Scope::Propose || scope == Scope::Write) {
        const auto need =
            scope == Scope::Write ? access::Permission::Write : access::Permission::Read;
        RAILHUB_TRY(call.repo, app::find_repo(*call.tx, call.who(), call.id, need));
    }
    const bool needs_login = scope == Scope::User || scope == Scope::Propose;
    if (needs_login && call.who().is_anonymous()) {
        return login_needed();
    }
    const bool keeps_snapshot =
        (scope == Scope::Read || scope == Scope::File) && row.route->method == http::Method::Get;
    if (!keeps_snapshot) {
        call.tx.reset();
    }
    return {};
}

util::Result<> Dispatcher::admit_to_cas(Call& call, const ExpandedRoute& row) {
    const Scope scope = row.route->scope;
    RAILHUB_TRY(read_xet_token(call));
    if (scope == Scope::XetAny) {
        return {};
    }
    const bool writes = scope == Scope::XetWrite;
    RAILHUB_TRY(admit_xet(call, writes ? XetClaim::Access::Write : XetClaim::Access::Read));
    if (row.route->method == http::Method::Post) {
        call.tx.reset();
    }
    return {};
}

util::Result<http::Response> Dispatcher::serve(Call& call, const ExpandedRoute& row) const {
    const Scope scope = row.route->scope;
    const bool is_anonymous =
        scope == Scope::Probe || scope == Scope::Signed || scope == Scope::Sealed;
    if (is_xet(scope)) {
        RAILHUB_TRY(admit_to_cas(call, row));
        return row.route->handler(call);
    }
    if (!is_anonymous) {
        RAILHUB_TRY(identify(call));
    }
    RAILHUB_TRY(admit(call, row));
    return row.route->handler(call);
}

util::Result<http::Response>
Dispatcher::serve_unmatched(Call& call, const http::Router::Match& match) const {
    // Xet clients come with tokens of another kind, and try routes that a hub need not have: 404
    // makes them do without.
    const bool is_cas = !call.request.segments.empty() && call.request.segments[0] == "cas";
    if (!is_cas) {
        RAILHUB_TRY(identify(call));
    }
    if (match.path_known) {
        auto reply =
            http::Response::json(405, util::Json::object({{"error", "Method not allowed"}}));
        reply.header("X-Error-Message", "Method not allowed");
        return reply;
    }
    if (looks_like_short_repo(call.request)) {
        return app::repo_missing();
    }
    return util::fail(util::Code::NotFound, "Not found");
}

} // namespace railhub::server
