// SPDX-License-Identifier: Apache-2.0
// Folders and single paths of a revision (hub-api sections 6.1 and 6.2).
#include "server/api/handlers.h"
#include "server/api/json.h"
#include "server/api/xet_links.h"

namespace railhub::server::api {

namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kExpandedPage = 100;
constexpr std::size_t kMaxPaths = 2000;
constexpr std::size_t kFirstRevisionSegment = 5; // /api/models/owner/name/tree/<here>

struct PathsWish {
    std::vector<std::string> paths;
    repo::ListOptions::LastCommits last_commits = repo::ListOptions::LastCommits::Omit;
};

util::Result<PathsWish> paths_wish(Call& call) {
    RAILHUB_TRY(const std::string text, body_text(call, call.services.limits.json_body));
    PathsWish wish;
    bool expand = false;
    if (call.request.content_type() == "application/x-www-form-urlencoded") {
        http::Request form;
        RAILHUB_TRY(form.query, util::parse_query(text));
        wish.paths = form.query_values("paths");
        expand = form.query_flag("expand");
    } else {
        RAILHUB_TRY(const util::Json body, util::parse_json(text));
        RAILHUB_TRY(wish.paths, text_list(body, "paths"));
        expand = body.flag("expand");
    }
    if (wish.paths.size() > kMaxPaths) {
        return util::fail(
            util::Code::TooLarge, "more than " + std::to_string(kMaxPaths) + " paths at once"
        );
    }
    if (expand) {
        wish.last_commits = repo::ListOptions::LastCommits::Include;
    }
    return wish;
}

std::string_view without_slashes(std::string_view path) {
    while (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path;
}

util::Result<util::Json> shown_entry(const Call& call, const repo::TreeEntry& entry) {
    std::optional<xet::Hash> xet;
    if (entry.lfs) {
        RAILHUB_TRY(xet, xet_hash_of(call, *call.tx, *entry.lfs));
    }
    return entry_json(entry, xet);
}

} // namespace

Reply tree(Call& call) {
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto at, revision_and_path(call, kFirstRevisionSegment));
    const http::Request& request = call.request;
    repo::ListOptions options;
    if (request.query_flag("recursive")) {
        options.depth = repo::ListOptions::Depth::Recursive;
    }
    const bool expand = request.query_flag("expand");
    if (expand) {
        options.last_commits = repo::ListOptions::LastCommits::Include;
    }
    const std::size_t most = expand ? kExpandedPage : kPage;
    RAILHUB_TRY(options.limit, query_number(request, "limit", most, most));
    options.limit = options.limit == 0 ? most : options.limit;
    if (const std::string* cursor = request.query_value("cursor")) {
        options.after = *cursor;
    }
    if (!at.path.empty() && !types::RepoPath::parse(at.path).ok()) {
        return app::entry_missing();
    }
    auto page = call.repository->list(at.revision.commit, at.path, options);
    if (!page.ok() && page.error().code == util::Code::NotFound) {
        return app::entry_missing();
    }
    RAILHUB_TRY(const repo::TreePage found, std::move(page));
    auto body = util::Json::array();
    for (const repo::TreeEntry& entry : found.entries) {
        RAILHUB_TRY(auto item, shown_entry(call, entry));
        body.push_back(std::move(item));
    }
    auto response = http::Response::json(200, body);
    response.header("X-Repo-Commit", at.revision.commit.hex());
    if (found.has_more && !found.entries.empty()) {
        response.header("Link", next_link(request, {{"cursor", found.entries.back().path}}));
    }
    return response;
}

Reply paths_info(Call& call) {
    RAILHUB_TRY(const PathsWish wish, paths_wish(call));
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto resolved, revision_of(call, call.request.param("rev")));
    auto body = util::Json::array();
    for (const std::string& text : wish.paths) {
        const auto path = types::RepoPath::parse(without_slashes(text));
        if (!path.ok()) {
            continue;
        }
        RAILHUB_TRY(
            const auto entry, call.repository->entry(resolved.commit, *path, wish.last_commits)
        );
        if (entry) {
            RAILHUB_TRY(auto item, shown_entry(call, *entry));
            body.push_back(std::move(item));
        }
    }
    return http::Response::json(200, body);
}

} // namespace railhub::server::api
