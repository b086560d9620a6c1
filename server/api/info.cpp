// SPDX-License-Identifier: Apache-2.0
// Repo info, at the tip or at a revision (hub-api section 5.1).
#include "core/app/repository_source.h"
#include "server/api/handlers.h"
#include "server/api/info_json.h"
#include "server/api/json.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

struct Shown {
    app::Summary summary;
    std::string sha;
    std::int64_t changed_ms = 0;
};

// Stored for the tip of the default branch, made on the spot for other revisions.
util::Result<Shown> shown_at(Call& call, const std::optional<types::Oid>& commit) {
    const repo::RepoRecord& record = call.repo->record;
    Shown shown;
    shown.changed_ms = record.updated_ms;
    shown.summary.tags = record.tags;
    shown.summary.card = record.card;
    if (!commit) {
        return shown;
    }
    shown.sha = commit->hex();
    if (shown.sha == record.head) {
        RAILHUB_TRY(auto stored, app::stored_summary(*call.tx, record));
        if (stored) {
            shown.summary = std::move(*stored);
            return shown;
        }
    }
    RAILHUB_TRY(const repo::Commit details, call.repository->commit(*commit));
    shown.changed_ms = details.committer.seconds * 1000;
    RAILHUB_TRY(shown.summary, app::summarize(call.ctx, *call.repository, *commit));
    return shown;
}

Reply info_of(Call& call, const std::optional<types::Oid>& commit) {
    const types::RepoKind kind = call.id.kind;
    const auto expand = call.request.query_values("expand");
    RAILHUB_TRY(check_expand(kind, expand));
    RAILHUB_TRY(const Shown shown, shown_at(call, commit));
    InfoSource source{
        .record = call.repo->record,
        .summary = shown.summary,
        .sha = shown.sha,
        .changed_ms = shown.changed_ms,
        .files = remembered([&]() -> util::Result<std::vector<repo::TreeEntry>> {
            if (!commit) {
                return std::vector<repo::TreeEntry>{};
            }
            return app::all_files(
                call.ctx, *call.repository, *commit, repo::ListOptions::Detail::Full
            );
        })};
    if (call.request.query_flag("blobs")) {
        source.blobs = InfoSource::Blobs::Include;
    }
    std::vector<std::string_view> fields(expand.begin(), expand.end());
    if (fields.empty()) {
        const auto all = info_fields(kind);
        fields.assign(all.begin(), all.end());
        fields.push_back("safetensors");
    }
    RAILHUB_TRY(auto body, info_json(source, fields));
    if (expand.empty() && call.request.query_flag("securityStatus")) {
        // Nothing scans yet, and the answer says so.
        body.set(
            "securityRepoStatus",
            util::Json::object({{"scansDone", false}, {"filesWithIssues", util::Json::array()}})
        );
    }
    return http::Response::json(200, body);
}

} // namespace

Reply info(Call& call) {
    RAILHUB_TRY(open_repository(call));
    const std::string& head = call.repo->record.head;
    if (head.empty()) {
        return info_of(call, std::nullopt);
    }
    RAILHUB_TRY(const types::Oid commit, types::Oid::parse(head));
    return info_of(call, commit);
}

Reply info_at(Call& call) {
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto resolved, revision_of(call, call.request.param("rev")));
    return info_of(call, resolved.commit);
}

} // namespace railhub::server::api
