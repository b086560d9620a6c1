// SPDX-License-Identifier: Apache-2.0
// Lists of repos with filters and pages (hub-api section 5.2).
#include "core/app/repository_source.h"
#include "core/util/text.h"
#include "server/api/handlers.h"
#include "server/api/info_json.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxPage = 1000;
constexpr std::size_t kMaxPageWithFiles = 100;

// Private repos of these namespaces are visible; what a token may not see is filtered again below.
std::vector<std::string> visible_owners(const access::Identity& who) {
    std::vector<std::string> owners;
    if (!who.is_anonymous()) {
        owners.push_back(who.user);
    }
    for (const access::Membership& membership : who.memberships) {
        owners.push_back(membership.org);
    }
    return owners;
}

repo::RepoSort sort_of(const http::Request& request) {
    const std::string* sort = request.query_value("sort");
    if (sort != nullptr && (*sort == "createdAt" || *sort == "created_at")) {
        return repo::RepoSort::Created;
    }
    return repo::RepoSort::Updated;
}

void add_tags(const http::Request& request, std::vector<std::string>& tags) {
    for (const std::string& value : request.query_values("filter")) {
        for (const std::string_view tag : util::split(value, ',')) {
            if (!tag.empty()) {
                tags.emplace_back(tag);
            }
        }
    }
    for (const std::string& tag : request.query_values("pipeline_tag")) {
        tags.push_back(tag);
    }
}

util::Result<repo::RepoFilter> filter_of(const Call& call, types::RepoKind kind, std::size_t most) {
    const http::Request& request = call.request;
    repo::RepoFilter filter;
    filter.kind = kind;
    filter.search = request.query_values("search");
    if (const std::string* author = request.query_value("author")) {
        filter.owner = *author;
    }
    add_tags(request, filter.tags);
    filter.sort = sort_of(request);
    filter.visible_owners = visible_owners(call.who());
    filter.sees_all = call.who().is_site_admin;
    RAILHUB_TRY(filter.limit, query_number(request, "limit", most, most));
    filter.limit = std::max<std::size_t>(filter.limit, 1);
    if (const std::string* cursor = request.query_value("cursor")) {
        filter.cursor = *cursor;
    }
    return filter;
}

std::vector<std::string_view> wanted_fields(
    const http::Request& request, types::RepoKind kind, std::span<const std::string> expand
) {
    std::vector<std::string_view> fields(expand.begin(), expand.end());
    if (!fields.empty()) {
        return fields;
    }
    const auto basic = list_fields(kind);
    fields.assign(basic.begin(), basic.end());
    if (request.query_flag("full")) {
        const auto more = full_list_fields(kind);
        fields.insert(fields.end(), more.begin(), more.end());
    }
    for (const std::string_view flag : {"config", "cardData"}) {
        if (request.query_flag(flag)) {
            fields.push_back(flag);
        }
    }
    return fields;
}

util::Result<util::Json>
item_json(Call& call, const repo::RepoRecord& record, std::span<const std::string_view> fields) {
    RAILHUB_TRY(auto stored, app::stored_summary(*call.tx, record));
    app::Summary summary;
    summary.tags = record.tags;
    summary.card = record.card;
    const auto files = [&]() -> util::Result<std::vector<repo::TreeEntry>> {
        if (record.head.empty()) {
            return std::vector<repo::TreeEntry>{};
        }
        RAILHUB_TRY(const types::Oid head, types::Oid::parse(record.head));
        RAILHUB_TRY(
            auto repository, repo::Repository::open(call.ctx, *call.tx, call.deps().blobs, record)
        );
        return app::all_files(call.ctx, *repository, head, repo::ListOptions::Detail::Full);
    };
    return info_json(
        {.record = record,
         .summary = stored ? *stored : summary,
         .sha = record.head,
         .changed_ms = record.updated_ms,
         .files = remembered(files)},
        fields
    );
}

Reply list(Call& call, types::RepoKind kind) {
    RAILHUB_TRY(begin_snapshot(call));
    const auto expand = call.request.query_values("expand");
    RAILHUB_TRY(check_expand(kind, expand));
    const auto fields = wanted_fields(call.request, kind, expand);
    const bool with_files = std::find(fields.begin(), fields.end(), "siblings") != fields.end();
    RAILHUB_TRY(
        const auto filter, filter_of(call, kind, with_files ? kMaxPageWithFiles : kMaxPage)
    );
    RAILHUB_TRY(const repo::RepoPage page, repo::list_repos(*call.tx, filter));
    auto body = util::Json::array();
    for (const repo::RepoRecord& record : page.repos) {
        RAILHUB_TRY(call.ctx.check_stop());
        if (access::permission_on(call.who(), app::facts_of(record))) {
            RAILHUB_TRY(auto item, item_json(call, record, fields));
            body.push_back(std::move(item));
        }
    }
    auto response = http::Response::json(200, body);
    if (!page.next_cursor.empty()) {
        response.header("Link", next_link(call.request, {{"cursor", page.next_cursor}}));
    }
    return response;
}

} // namespace

Reply list_models(Call& call) {
    return list(call, types::RepoKind::Model);
}

Reply list_datasets(Call& call) {
    return list(call, types::RepoKind::Dataset);
}

Reply list_spaces(Call& call) {
    return list(call, types::RepoKind::Space);
}

} // namespace railhub::server::api
