// SPDX-License-Identifier: Apache-2.0
// Git LFS: the bytes themselves, over signed links (hub-api sections 9.2, 9.3, 9.5).
#include "core/access/accounts.h"
#include "core/app/discussions.h"
#include "core/app/large_files.h"
#include "server/api/file_reply.h"
#include "server/api/handlers.h"
#include "server/api/json.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

constexpr std::string_view kLfsJson = "application/vnd.git-lfs+json";
constexpr std::size_t kMaxParts = 10'000;

// A link, its repo and its user, all still good.
struct Admitted {
    LinkClaim claim;
    types::BlobRef blob;
    repo::RepoRecord record;
    std::int64_t account = 0; // 0: anonymous
};

util::Error link_no_good() {
    return util::fail(
        util::Code::PermissionDenied,
        "this link is not valid or has expired",
        "ask for a new one through the LFS batch API"
    );
}

// The user of the link as of now, with all his rights: tokens may be gone since, roles too.
util::Result<access::Identity> user_of(db::Transaction& tx, const LinkClaim& claim) {
    if (claim.user.empty()) {
        return access::Identity{};
    }
    auto who = access::identity_of(tx, claim.user);
    return who.ok() || who.error().code != util::Code::NotFound
               ? std::move(who)
               : util::Result<access::Identity>(link_no_good());
}

enum class Direction : std::uint8_t { Up, Down };

// Everything that is wrong with a link gives the same answer, so that nothing can be learned from
// it; repo and rights are looked at only when the seal is good.
util::Result<Admitted> admit(Call& call, std::string_view action, Direction direction) {
    Admitted admitted;
    const std::string_view object = call.request.param("oid");
    const std::int64_t now = util::to_millis(call.ctx.clock.now());
    RAILHUB_TRY(
        admitted.claim, call.services.signer.check(call.request.query, action, object, now)
    );
    RAILHUB_TRY(admitted.blob.sha256, util::Sha256::parse(object));
    admitted.blob.size = admitted.claim.size;
    RAILHUB_TRY(auto tx, call.deps().database.begin_read(call.ctx));
    RAILHUB_TRY(const access::Identity who, user_of(*tx, admitted.claim));
    auto found = app::find_repo(*tx, who, call.id, access::Permission::Read);
    if (!found.ok() || found->record.public_id != admitted.claim.repo) {
        return link_no_good();
    }
    if (direction == Direction::Up && !app::may_propose(who, found->permission)) {
        return link_no_good();
    }
    admitted.record = std::move(found->record);
    admitted.account = who.user_id;
    return admitted;
}

util::Error unprocessable_upload(util::Error error) {
    return error.code == util::Code::InvalidInput
               ? app::with_reason(std::move(error), app::kUnprocessable)
               : std::move(error);
}

// Straight from the connection into the blocks that go to the disk.
util::Result<> receive(const util::Context& ctx, http::Body& body, storage::BlockWriter& writer) {
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::span<std::uint8_t> into, writer.buffer());
        RAILHUB_TRY(const std::size_t got, body.read(into));
        if (got == 0) {
            return {};
        }
        RAILHUB_TRY(writer.advance(got));
    }
}

util::Result<> check_length(const http::Body& body, std::uint64_t expected) {
    if (body.length() && *body.length() != expected) {
        return app::with_reason(
            util::fail(
                util::Code::InvalidInput,
                "the body has " + std::to_string(*body.length()) + " bytes, the object " +
                    std::to_string(expected)
            ),
            app::kUnprocessable
        );
    }
    return {};
}

util::Result<> check_encoding(const http::Request& request) {
    const std::string_view encoding = request.headers.text("Content-Encoding");
    if (!encoding.empty() && encoding != "identity") {
        return util::fail(
            util::Code::InvalidInput, "large files are taken as they are, not encoded"
        );
    }
    return {};
}

util::Result<> register_upload(Call& call, const Admitted& link, std::vector<xet::Leaf> chunks) {
    const cas::Uploader uploader{link.record.row, link.account};
    return app::register_upload(call.ctx, call.deps(), uploader, link.blob, std::move(chunks));
}

http::Response stored() {
    return http::Response::text(200, "{}", kLfsJson);
}

} // namespace

Reply lfs_put(Call& call) {
    RAILHUB_TRY(const Admitted link, admit(call, "put", Direction::Up));
    http::Body& body = *call.request.body;
    RAILHUB_TRY(check_encoding(call.request));
    RAILHUB_TRY(check_length(body, link.blob.size));
    // One byte more than it may have: so that a longer body is noticed as such.
    body.limit(link.blob.size + 1);
    RAILHUB_TRY(
        auto writer, call.deps().blobs.begin(call.ctx, link.blob.size, storage::ChunkList::Make)
    );
    RAILHUB_TRY(receive(call.ctx, body, *writer));
    const auto committed = writer->commit(link.blob);
    if (!committed.ok()) {
        return unprocessable_upload(committed.error());
    }
    RAILHUB_TRY(register_upload(call, link, writer->take_chunks()));
    return stored();
}

Reply lfs_get(Call& call) {
    RAILHUB_TRY(const Admitted link, admit(call, "get", Direction::Down));
    RAILHUB_TRY(auto reader, call.deps().blobs.open(call.ctx, link.blob.sha256));
    http::Response response;
    if (reader->size() == 0) {
        response = http::Response::empty(200);
    } else {
        response.body = file_body(std::move(reader));
    }
    response.header("Content-Type", "application/octet-stream");
    response.header("ETag", "\"" + link.claim.object + "\"");
    add_content_guards(response);
    return response;
}

Reply lfs_put_part(Call& call) {
    RAILHUB_TRY(const Admitted link, admit(call, "part", Direction::Up));
    RAILHUB_TRY(check_encoding(call.request));
    storage::Uploads& uploads = call.deps().uploads;
    call.request.body->limit(link.claim.part_size + 1);
    RAILHUB_TRY(const auto id, uploads.open(call.ctx, link.blob, link.claim.part_size));
    auto etag = uploads.put_part(call.ctx, id, link.claim.part, *call.request.body);
    if (!etag.ok()) {
        return unprocessable_upload(std::move(etag).error());
    }
    auto response = http::Response::empty(200);
    response.header("ETag", "\"" + *etag + "\"");
    return response;
}

Reply lfs_complete(Call& call) {
    RAILHUB_TRY(const Admitted link, admit(call, "complete", Direction::Up));
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    const util::Json* list = body.find("parts");
    const util::JsonArray* items = list != nullptr ? list->as_array() : nullptr;
    if (items == nullptr || items->size() > kMaxParts) {
        return util::fail(util::Code::InvalidInput, "'parts' is no list of parts");
    }
    std::vector<storage::UploadPart> parts;
    for (const util::Json& item : *items) {
        const std::uint64_t number = item.number("partNumber");
        std::string etag = item.text("etag");
        etag.erase(std::remove(etag.begin(), etag.end(), '"'), etag.end());
        if (number == 0 || number > kMaxParts || etag.empty()) {
            return util::fail(util::Code::InvalidInput, "a part has no number or no etag");
        }
        parts.push_back({static_cast<std::uint32_t>(number), std::move(etag)});
    }
    storage::Uploads& uploads = call.deps().uploads;
    RAILHUB_TRY(const auto id, uploads.open(call.ctx, link.blob, link.claim.part_size));
    auto completed = uploads.complete(call.ctx, id, parts);
    if (!completed.ok()) {
        return unprocessable_upload(completed.error());
    }
    RAILHUB_TRY(register_upload(call, link, std::move(completed->chunks)));
    return stored();
}

Reply lfs_verify(Call& call) {
    RAILHUB_TRY(const Admitted link, admit(call, "verify", Direction::Up));
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    const util::Json* size = body.find("size");
    const auto bytes = size != nullptr ? size->as_uint() : std::nullopt;
    if (body.text("oid") != link.claim.object || bytes != link.blob.size) {
        return app::with_reason(
            util::fail(util::Code::InvalidInput, "not the object of this link, or not its size"),
            app::kUnprocessable
        );
    }
    RAILHUB_TRY(auto tx, call.deps().database.begin_read(call.ctx));
    RAILHUB_TRY(
        const bool is_here, app::is_here(call.ctx, call.deps(), *tx, link.record.row, link.blob)
    );
    if (!is_here) {
        return util::fail(util::Code::NotFound, "Object does not exist");
    }
    return stored();
}

} // namespace railhub::server::api
