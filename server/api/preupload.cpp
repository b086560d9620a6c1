// SPDX-License-Identifier: Apache-2.0
// Which files of a coming commit go where (hub-api section 7.3).
#include "core/app/preupload.h"

#include "server/api/handlers.h"
#include "server/api/json.h"

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxFiles = 1000;
constexpr std::size_t kMaxSample = 64 * 1024;

util::Error bad_file(std::string_view what) {
    return util::fail(util::Code::InvalidInput, "a file of the list has no " + std::string(what));
}

util::Result<app::PlannedFile> planned_file(const util::Json& item) {
    const util::Json* path = item.find("path");
    if (path == nullptr || path->as_string() == nullptr) {
        return bad_file("path");
    }
    const util::Json* size = item.find("size");
    const auto bytes = size != nullptr ? size->as_uint() : std::nullopt;
    if (!bytes) {
        return bad_file("size");
    }
    auto parsed = types::RepoPath::parse(*path->as_string());
    if (!parsed.ok()) {
        return app::with_reason(std::move(parsed).error(), app::kUnprocessable);
    }
    RAILHUB_TRY(const std::string sample, text_member(item, "sample"));
    if (sample.size() > kMaxSample) {
        return util::fail(util::Code::TooLarge, "a sample is longer than 64 KiB");
    }
    app::PlannedFile file{std::move(parsed).value(), *bytes, {}};
    RAILHUB_TRY(file.sample, util::from_base64(sample));
    return file;
}

util::Result<std::vector<app::PlannedFile>> planned_files(const util::Json& body) {
    const util::Json* member = body.find("files");
    const util::JsonArray* items = member != nullptr ? member->as_array() : nullptr;
    if (items == nullptr) {
        return util::fail(util::Code::InvalidInput, "'files' is no list");
    }
    if (items->size() > kMaxFiles) {
        return util::fail(
            util::Code::TooLarge, "more than " + std::to_string(kMaxFiles) + " files at once"
        );
    }
    std::vector<app::PlannedFile> files;
    for (const util::Json& item : *items) {
        RAILHUB_TRY(auto file, planned_file(item));
        files.push_back(std::move(file));
    }
    return files;
}

util::Result<std::optional<std::string>>
optional_text(const util::Json& body, std::string_view key) {
    if (body.find(key) == nullptr || body.find(key)->is_null()) {
        return std::optional<std::string>{};
    }
    RAILHUB_TRY(std::string text, text_member(body, key));
    return std::optional(std::move(text));
}

// An empty repo has no commit to look at, and is fine to upload to.
util::Result<std::optional<types::Oid>> base_commit(Call& call) {
    const repo::RepoRecord& record = call.repo->record;
    const std::string_view revision = call.request.param("rev");
    if (record.head.empty() && revision == record.default_branch) {
        return std::optional<types::Oid>{};
    }
    RAILHUB_TRY(const auto resolved, revision_of(call, revision));
    return std::optional(resolved.commit);
}

util::Json item_json(const app::PlannedFile& file, const app::UploadPlan::Item& item) {
    auto json = util::Json::object(
        {{"path", file.path.text()},
         {"uploadMode", item.mode == repo::UploadMode::Lfs ? "lfs" : "regular"},
         {"shouldIgnore", item.is_ignored}}
    );
    if (!item.oid.empty()) {
        json.set("oid", item.oid);
    }
    return json;
}

} // namespace

Reply preupload(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    RAILHUB_TRY(const auto files, planned_files(body));
    RAILHUB_TRY(const auto attributes, optional_text(body, "gitAttributes"));
    RAILHUB_TRY(const auto ignores, optional_text(body, "gitIgnore"));
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto commit, base_commit(call));
    RAILHUB_TRY(
        const auto plan, app::plan_upload(*call.repository, commit, files, attributes, ignores)
    );
    auto items = util::Json::array();
    for (std::size_t i = 0; i < files.size(); ++i) {
        items.push_back(item_json(files[i], plan.items[i]));
    }
    auto reply = util::Json::object({{"files", std::move(items)}});
    if (commit) {
        reply.set("commitOid", commit->hex());
    }
    return http::Response::json(200, reply);
}

} // namespace railhub::server::api
