// SPDX-License-Identifier: Apache-2.0
// The bytes of a file at a revision (hub-api section 8): the workhorse. One URL answers everything
// itself, without redirects: size, hash and commit in the headers, bytes behind them.
#include "core/util/text.h"
#include "server/api/file_reply.h"
#include "server/api/handlers.h"
#include "server/api/xet_links.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

// "/owner/name/resolve/<rev>/<path>": where the revision begins, counted in segments.
std::size_t first_revision_segment(const types::RepoId& id) {
    return types::kind_web_prefix(id.kind).empty() ? 3 : 4;
}

// Repo, revision and path as they were asked for. A segment cannot hold a raw slash once it is
// separated by a byte that no segment holds.
std::string cache_key(const Call& call) {
    std::string key(types::kind_plural(call.id.kind));
    key += '\0' + util::lower(call.id.full_name());
    const auto& segments = call.request.segments;
    for (std::size_t i = first_revision_segment(call.id); i < segments.size(); ++i) {
        key += '\0';
        key += segments[i];
    }
    return key;
}

util::Result<SharedFile> look_up(Call& call) {
    RAILHUB_TRY(call.repo, app::find_repo(*call.tx, call.who(), call.id, access::Permission::Read));
    RAILHUB_TRY(open_repository(call));
    RAILHUB_TRY(const auto at, revision_and_path(call, first_revision_segment(call.id)));
    auto file = std::make_shared<LocatedFile>();
    file->facts = app::facts_of(call.repo->record);
    file->repo_row = call.repo->record.row;
    file->commit = at.revision.commit;
    file->path = at.path;
    auto entry = app::find_file(*call.repository, at.revision.commit, at.path);
    if (entry.ok()) {
        file->entry = std::move(entry).value();
        if (file->entry->lfs) {
            RAILHUB_TRY(file->xet, xet_hash_of(call, *call.tx, *file->entry->lfs));
        }
    } else if (entry.error().reason != app::kEntryMissing) {
        return entry.error();
    }
    return SharedFile(std::move(file));
}

// The file, from the cache when nothing changed since; rights are checked either way.
util::Result<SharedFile> located(Call& call) {
    const std::string key = cache_key(call);
    SharedFile file = call.services.files.find(call.content_generation, key);
    if (file == nullptr) {
        RAILHUB_TRY(file, look_up(call));
        call.services.files.add(call.content_generation, key, file);
    } else if (!access::permission_on(call.who(), file->facts)) {
        return app::repo_missing();
    }
    call.commit = file->commit;
    if (!file->entry) {
        return app::entry_missing();
    }
    return file;
}

// A repo's own view of the bytes, for files that git keeps.
util::Result<repo::Content> git_content(Call& call, const LocatedFile& file) {
    if (call.repository == nullptr) {
        RAILHUB_TRY(auto record, repo::find_repo_row(*call.tx, file.repo_row));
        if (!record) {
            return app::repo_missing();
        }
        call.repo = app::FoundRepo{std::move(*record), access::Permission::Read, false};
        RAILHUB_TRY(open_repository(call));
    }
    return call.repository->raw(file.entry->oid);
}

util::Result<http::FileBody> git_body(Call& call, const LocatedFile& file) {
    if (call.request.method == http::Method::Head) {
        // Never read: the answer to HEAD ends before the body.
        http::FileBody body;
        body.size = file.entry->lfs ? file.entry->pointer_size : file.entry->size;
        body.read_at = [](std::uint64_t, std::span<std::uint8_t>) -> util::Result<std::size_t> {
            return std::size_t{0};
        };
        return body;
    }
    RAILHUB_TRY(auto content, git_content(call, file));
    return content.reader ? file_body(std::move(content.reader))
                          : file_body(std::move(content.bytes));
}

util::Result<http::FileBody> lfs_body(Call& call, const types::BlobRef& blob) {
    if (call.request.method == http::Method::Head) {
        http::FileBody body;
        body.size = blob.size;
        body.read_at = [](std::uint64_t, std::span<std::uint8_t>) -> util::Result<std::size_t> {
            return std::size_t{0};
        };
        return body;
    }
    auto reader = call.deps().blobs.open(call.ctx, blob.sha256);
    if (!reader.ok() && reader.error().code == util::Code::NotFound) {
        return util::fail(
            util::Code::Corrupt,
            "the object '" + blob.sha256.hex() + "' is linked but not in the store",
            "run railhub admin fsck"
        );
    }
    RAILHUB_TRY(auto open, std::move(reader));
    return file_body(std::move(open));
}

// There is no satisfiable range of an empty file, yet clients ask for bytes=0-0 to learn the size.
http::Response empty_file(const http::Request& request) {
    auto response = http::Response::empty(200);
    response.header("Accept-Ranges", "bytes");
    if (request.headers.find("Range") != nullptr) {
        response.header("Content-Range", "bytes */0");
    }
    return response;
}

http::Response file_response(
    const Call& call, const LocatedFile& file, http::FileBody body, const std::string& etag
) {
    http::Response response;
    if (body.size == 0) {
        response = empty_file(call.request);
    } else {
        response.body = std::move(body);
    }
    response.header("Content-Type", content_type_of(file.path));
    response.header("ETag", "\"" + etag + "\"");
    response.header("X-Repo-Commit", file.commit.hex());
    if (!call.request.query_flag("noContentDisposition")) {
        response.header("Content-Disposition", content_disposition(call.request, file.path));
    }
    add_content_guards(response);
    return response;
}

// Where the file is to be had over Xet (hub-api section 10.2).
struct XetRoute {
    std::string hash;
    std::string refresh;        // gives tokens to read it
    std::string reconstruction; // clients know the newer version from it
};

std::optional<XetRoute> xet_route(const Call& call, const LocatedFile& file) {
    if (!file.xet) {
        return std::nullopt;
    }
    const std::string hash = file.xet->text();
    return XetRoute{
        hash,
        xet_token_url(call.request, file.facts.id, XetClaim::Access::Read, file.commit.hex()),
        cas_url(call.request) + "/v1/reconstructions/" + hash};
}

void add_xet_headers(http::Response& response, const XetRoute& route) {
    response.header("X-Xet-Hash", route.hash);
    response.header("X-Xet-Refresh-Route", route.refresh);
    response.header(
        "Link",
        "<" + route.refresh + ">; rel=\"xet-auth\", <" + route.reconstruction +
            ">; rel=\"xet-reconstruction-info\""
    );
}

void add_large_file_headers(http::Response& response, const types::BlobRef& blob) {
    response.header("X-Linked-Size", std::to_string(blob.size));
    response.header("X-Linked-Etag", "\"" + blob.sha256.hex() + "\"");
}

constexpr std::string_view kFileInfo = "application/vnd.xet-fileinfo+json";

bool wants_file_info(const http::Request& request) {
    return request.headers.text("Accept").find(kFileInfo) != std::string_view::npos;
}

// Instead of bytes, for clients that will fetch them over Xet (hub-api section 8.4).
http::Response file_info(const LocatedFile& file, const XetRoute& route) {
    const types::BlobRef& blob = *file.entry->lfs;
    const std::string etag = "\"" + blob.sha256.hex() + "\"";
    const auto body = util::Json::object(
        {{"hash", route.hash},
         {"etag", etag},
         {"size", blob.size},
         {"refreshUrl", route.refresh},
         {"reconstructionUrl", route.reconstruction}}
    );
    auto response = http::Response::text(200, body.dump(), kFileInfo);
    response.header("ETag", etag);
    response.header("X-Repo-Commit", file.commit.hex());
    response.header("Vary", "Accept");
    add_large_file_headers(response, blob);
    add_xet_headers(response, route);
    return response;
}

} // namespace

Reply resolve(Call& call) {
    RAILHUB_TRY(const SharedFile file, located(call));
    const auto& lfs = file->entry->lfs;
    if (!lfs) {
        RAILHUB_TRY(auto body, git_body(call, *file));
        return file_response(call, *file, std::move(body), file->entry->oid.hex());
    }
    const auto route = xet_route(call, *file);
    if (route && wants_file_info(call.request)) {
        return file_info(*file, *route);
    }
    RAILHUB_TRY(auto body, lfs_body(call, *lfs));
    auto response = file_response(call, *file, std::move(body), lfs->sha256.hex());
    add_large_file_headers(response, *lfs);
    if (route) {
        response.header("Vary", "Accept");
        add_xet_headers(response, *route);
    }
    return response;
}

Reply raw(Call& call) {
    RAILHUB_TRY(const SharedFile file, located(call));
    RAILHUB_TRY(auto body, git_body(call, *file));
    return file_response(call, *file, std::move(body), file->entry->oid.hex());
}

} // namespace railhub::server::api
