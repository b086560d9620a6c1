// SPDX-License-Identifier: Apache-2.0
// The writing half of HubClient: preupload, LFS, commit (hub-api sections 7 and 9).
#include "core/transfer/hub_json.h"
#include "core/util/text.h"
#include "core/util/url.h"

namespace railhub::transfer {

namespace {

constexpr std::size_t kPreuploadBatch = 250;
constexpr std::size_t kLfsBatch = 250;
constexpr std::string_view kLfsType = "application/vnd.git-lfs+json";

util::Json preupload_body(std::span<const PreuploadFile> files) {
    util::Json list = util::Json::array();
    for (const auto& file : files) {
        list.push_back(util::Json::object(
            {{"path", file.path},
             {"size", file.size},
             {"sample", util::to_base64(util::as_bytes(file.sample))}}
        ));
    }
    return util::Json::object({{"files", std::move(list)}});
}

HttpRequest lfs_request(std::string url, const util::Json& body) {
    HttpRequest request{.method = HttpMethod::Post, .url = std::move(url)};
    request.headers.emplace_back("Accept", kLfsType);
    request.headers.emplace_back("Content-Type", kLfsType);
    request.body = text_body(body.dump());
    return request;
}

util::Json lfs_batch_body(std::string_view branch, std::span<const types::BlobRef> blobs) {
    util::Json objects = util::Json::array();
    for (const auto& blob : blobs) {
        objects.push_back(util::Json::object({{"oid", blob.sha256.hex()}, {"size", blob.size}}));
    }
    return util::Json::object(
        {{"operation", "upload"},
         {"transfers", util::Json(util::JsonArray{"basic", "multipart"})},
         {"hash_algo", "sha256"},
         {"ref", util::Json::object({{"name", branch}})},
         {"objects", std::move(objects)}}
    );
}

// The report inside a refusal of the license gate, or null.
util::Json refusal_of(const HttpResponse& response) {
    if (response.status != 403 && response.status != 422) {
        return {};
    }
    const auto json = util::parse_json(response.body);
    if (!json.ok()) {
        return {};
    }
    const util::Json* inner = json->find("report");
    const util::Json& report = inner == nullptr ? *json : *inner;
    return report.find("findings") != nullptr ? report : util::Json();
}

} // namespace

util::Result<PreuploadReply> HubClient::preupload(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view revision,
    std::span<const PreuploadFile> files
) const {
    PreuploadReply all;
    const std::string path = api_path(id, "/preupload/" + util::percent_encode(revision));
    for (std::size_t at = 0; at < files.size(); at += kPreuploadBatch) {
        const auto some = files.subspan(at, std::min(kPreuploadBatch, files.size() - at));
        RAILHUB_TRY(
            const util::Json reply, session_.json(ctx, HttpMethod::Post, path, preupload_body(some))
        );
        const std::string tip = reply.text("commitOid");
        if (at > 0 && tip != all.tip) {
            return util::fail(util::Code::Conflict, "the branch moved while the push was planned");
        }
        all.tip = tip;
        const util::Json* list = reply.find("files");
        const util::JsonArray* items = list == nullptr ? nullptr : list->as_array();
        for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
            const util::Json& item = (*items)[i];
            all.files.push_back(
                {item.text("path"),
                 item.text("uploadMode") == "lfs",
                 item.flag("shouldIgnore"),
                 item.text("oid")}
            );
        }
    }
    return all;
}

util::Result<std::vector<LfsObject>> HubClient::lfs_upload_batch(
    const util::Context& ctx,
    const types::RepoId& id,
    std::string_view branch,
    std::span<const types::BlobRef> blobs
) const {
    std::vector<LfsObject> objects;
    const std::string url = session_.url(web_path(id) + ".git/info/lfs/objects/batch");
    for (std::size_t at = 0; at < blobs.size(); at += kLfsBatch) {
        const auto some = blobs.subspan(at, std::min(kLfsBatch, blobs.size() - at));
        RAILHUB_TRY(
            const HttpResponse response,
            session_.require(ctx, lfs_request(url, lfs_batch_body(branch, some)))
        );
        RAILHUB_TRY(const util::Json reply, util::parse_json(response.body));
        const util::Json* list = reply.find("objects");
        const util::JsonArray* items = list == nullptr ? nullptr : list->as_array();
        for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
            RAILHUB_TRY(LfsObject object, read_lfs_object((*items)[i]));
            objects.push_back(std::move(object));
        }
    }
    return objects;
}

util::Result<> HubClient::put_object(
    const util::Context& ctx, const LfsAction& action, const HttpBody& body
) const {
    RAILHUB_TRY(const std::string url, resolve_location(session_.endpoint(), action.href));
    HttpRequest request{.method = HttpMethod::Put, .url = url, .headers = action.headers};
    request.body = body;
    RAILHUB_TRY(session_.require(ctx, std::move(request)));
    return {};
}

util::Result<std::string>
HubClient::put_part(const util::Context& ctx, const std::string& href, const HttpBody& body) const {
    RAILHUB_TRY(const std::string url, resolve_location(session_.endpoint(), href));
    HttpRequest request{.method = HttpMethod::Put, .url = url};
    request.body = body;
    RAILHUB_TRY(const HttpResponse response, session_.require(ctx, std::move(request)));
    const std::string etag(response.text("etag"));
    if (etag.empty()) {
        return util::fail(util::Code::Corrupt, "the hub took a part and gave no ETag for it");
    }
    return etag;
}

util::Result<> HubClient::complete_parts(
    const util::Context& ctx,
    const LfsAction& action,
    const types::BlobRef& blob,
    const std::vector<LfsPart>& parts
) const {
    RAILHUB_TRY(const std::string url, resolve_location(session_.endpoint(), action.href));
    util::Json list = util::Json::array();
    for (const auto& part : parts) {
        list.push_back(util::Json::object({{"partNumber", part.number}, {"etag", part.etag}}));
    }
    const util::Json body =
        util::Json::object({{"oid", blob.sha256.hex()}, {"parts", std::move(list)}});
    RAILHUB_TRY(session_.require(ctx, lfs_request(url, body)));
    return {};
}

util::Result<> HubClient::verify_object(
    const util::Context& ctx, const LfsAction& action, const types::BlobRef& blob
) const {
    RAILHUB_TRY(const std::string url, resolve_location(session_.endpoint(), action.href));
    const util::Json body = util::Json::object({{"oid", blob.sha256.hex()}, {"size", blob.size}});
    HttpRequest request = lfs_request(url, body);
    request.headers.insert(request.headers.end(), action.headers.begin(), action.headers.end());
    RAILHUB_TRY(session_.require(ctx, std::move(request)));
    return {};
}

util::Result<CommitAnswer> HubClient::commit(
    const util::Context& ctx, const types::RepoId& id, std::string_view branch, const HttpBody& body
) const {
    HttpRequest request{
        .method = HttpMethod::Post,
        .url = session_.url(api_path(id, "/commit/" + util::percent_encode(branch)))};
    request.headers.emplace_back("Content-Type", "application/x-ndjson");
    request.body = body;
    request.timeouts.stall = std::chrono::minutes(10); // the hub may work long before it answers
    const HttpRequest copy{.method = request.method, .url = request.url};
    RAILHUB_TRY(
        const HttpResponse response,
        session_.send(ctx, std::move(request), nullptr, Repeat::IfRefused)
    );
    CommitAnswer answer;
    answer.refusal = refusal_of(response);
    if (!answer.refusal.is_null()) {
        return answer;
    }
    if (!response.is_success()) {
        return error_of(response, copy);
    }
    RAILHUB_TRY(const util::Json json, util::parse_json(response.body));
    answer.reply = {json.text("commitOid"), json.text("commitUrl"), json.text("hookOutput")};
    return answer;
}

} // namespace railhub::transfer
