// SPDX-License-Identifier: Apache-2.0
// Make, delete, move and set up repos (hub-api section 4).
#include "core/app/repos.h"

#include "core/util/text.h"
#include "server/api/handlers.h"
#include "server/api/json.h"

namespace railhub::server::api {

namespace {

util::Result<types::RepoKind> kind_member(const util::Json& body) {
    RAILHUB_TRY(const std::string word, text_member(body, "type"));
    return word.empty() ? util::Result<types::RepoKind>(types::RepoKind::Model)
                        : types::parse_kind(word);
}

util::Result<repo::PutFile> first_file(const util::Json& item) {
    RAILHUB_TRY(const std::string path, text_member(item, "path"));
    RAILHUB_TRY(auto parsed, types::RepoPath::parse(path));
    RAILHUB_TRY(std::string content, text_member(item, "content"));
    if (item.text("encoding") == "base64") {
        RAILHUB_TRY(const util::Bytes bytes, util::from_base64(content));
        content = util::as_text(bytes);
    }
    return repo::PutFile{std::move(parsed), std::move(content)};
}

util::Result<app::RepoWish> repo_wish(const util::Json& body) {
    app::RepoWish wish;
    RAILHUB_TRY(wish.kind, kind_member(body));
    RAILHUB_TRY(wish.name, text_member(body, "name"));
    RAILHUB_TRY(wish.owner, text_member(body, "organization"));
    RAILHUB_TRY(const auto is_private, privacy_of(body));
    if (is_private.value_or(false)) {
        wish.visibility = app::RepoWish::Visibility::Private;
    }
    RAILHUB_TRY(wish.license, text_member(body, "license"));
    RAILHUB_TRY(wish.license_name, text_member(body, "license_name"));
    RAILHUB_TRY(wish.license_link, text_member(body, "license_link"));
    const util::Json* files = body.find("files");
    const util::JsonArray* list = files != nullptr ? files->as_array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        RAILHUB_TRY(auto file, first_file((*list)[i]));
        wish.files.push_back(std::move(file));
    }
    return wish;
}

util::Result<types::RepoId> full_id(types::RepoKind kind, const std::string& name) {
    auto id = types::RepoId::parse(kind, name);
    return id.ok() ? std::move(id) : util::Result<types::RepoId>(app::repo_missing());
}

} // namespace

Reply create_repo(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.card_body));
    RAILHUB_TRY(const app::RepoWish wish, repo_wish(body));
    RAILHUB_TRY(const auto made, app::make_repo(call.ctx, call.deps(), call.who(), wish));
    const repo::RepoRecord& record = made.record;
    auto reply = util::Json::object(
        {{"url", repo_url(call.request, record.id)},
         {"name", record.id.full_name()},
         {"id", record.public_id}}
    );
    if (made.state == app::MadeRepo::State::Made) {
        return http::Response::json(200, reply);
    }
    const std::string message =
        "You already created this " + std::string(types::kind_word(record.id.kind)) + " repo";
    reply.set("error", message);
    auto response = http::Response::json(409, reply);
    response.header("X-Error-Message", message);
    return response;
}

Reply delete_repo(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    RAILHUB_TRY(const types::RepoKind kind, kind_member(body));
    RAILHUB_TRY(std::string owner, text_member(body, "organization"));
    RAILHUB_TRY(const std::string name, text_member(body, "name"));
    const bool is_full = owner.empty() && name.find('/') != std::string::npos;
    if (owner.empty()) {
        owner = call.who().user;
    }
    RAILHUB_TRY(const types::RepoId id, full_id(kind, is_full ? name : owner + "/" + name));
    RAILHUB_TRY(app::remove_repo(call.ctx, call.deps(), call.who(), id));
    return http::Response::json(200, util::Json::object());
}

Reply move_repo(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    RAILHUB_TRY(const types::RepoKind kind, kind_member(body));
    RAILHUB_TRY(const std::string from, text_member(body, "fromRepo"));
    RAILHUB_TRY(const std::string to, text_member(body, "toRepo"));
    RAILHUB_TRY(const types::RepoId source, full_id(kind, from));
    RAILHUB_TRY(const types::RepoId target, types::RepoId::parse(kind, to));
    RAILHUB_TRY(app::move_repo(call.ctx, call.deps(), call.who(), source, target));
    return http::Response::json(200, util::Json::object({{"url", repo_url(call.request, target)}}));
}

Reply repo_settings(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    app::RepoSettings settings;
    RAILHUB_TRY(settings.is_private, privacy_of(body));
    if (body.find("licenseGate") != nullptr) {
        RAILHUB_TRY(settings.license_gate, text_member(body, "licenseGate"));
    }
    RAILHUB_TRY(
        const auto record,
        app::change_settings(call.ctx, call.deps(), call.who(), call.id, settings)
    );
    return http::Response::json(
        200,
        util::Json::object(
            {{"private", record.is_private},
             {"visibility", record.is_private ? "private" : "public"},
             {"gated", false},
             {"licenseGate", record.license_gate}}
        )
    );
}

} // namespace railhub::server::api
