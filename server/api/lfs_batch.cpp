// SPDX-License-Identifier: Apache-2.0
// Git LFS: what to send where (hub-api sections 9.1 to 9.5, 10.3).
#include "core/app/large_files.h"
#include "core/util/text.h"
#include "server/api/handlers.h"
#include "server/api/json.h"
#include "server/api/xet_links.h"

#include <algorithm>

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxObjects = 1000;
constexpr std::string_view kMediaType = "application/vnd.git-lfs+json";

enum class Operation : std::uint8_t { Upload, Download };

struct BatchWish {
    Operation operation = Operation::Download;
    bool takes_basic = false;
    bool takes_multipart = false;
    bool takes_xet = false;
    std::string revision = "main";    // that the commit will be for, as far as the client says
    std::string hash_word = "sha256"; // as the client spells it
    util::JsonArray objects;
};

// One object of the request.
struct WantedObject {
    std::string oid; // as sent
    std::uint64_t size = 0;
    std::optional<types::BlobRef> blob; // nullopt: oid or size cannot be
};

http::Response lfs_json(int status, const util::Json& body) {
    return http::Response::text(status, body.dump(), kMediaType);
}

util::Error unprocessable(std::string message) {
    return app::with_reason(
        util::fail(util::Code::InvalidInput, std::move(message)), app::kUnprocessable
    );
}

// git-lfs sends full names.
std::string revision_of_ref(std::string ref) {
    return ref.starts_with(types::kHeads) ? ref.substr(types::kHeads.size()) : ref;
}

util::Result<BatchWish> batch_wish(const util::Json& body) {
    BatchWish wish;
    const std::string operation = body.text("operation");
    if (operation != "upload" && operation != "download") {
        return unprocessable("'operation' is neither upload nor download");
    }
    wish.operation = operation == "upload" ? Operation::Upload : Operation::Download;
    RAILHUB_TRY(const auto transfers, text_list(body, "transfers"));
    const auto takes = [&](std::string_view name) {
        return std::find(transfers.begin(), transfers.end(), name) != transfers.end();
    };
    wish.takes_basic = transfers.empty() || takes("basic");
    wish.takes_multipart = takes("multipart");
    wish.takes_xet = takes("xet");
    if (const util::Json* ref = body.find("ref")) {
        wish.revision = revision_of_ref(ref->text("name", wish.revision));
    }
    const std::string hash = body.text("hash_algo", "sha256");
    if (hash != "sha256" && hash != "sha_256") {
        return util::fail(util::Code::Conflict, "the only hash is sha256");
    }
    const util::Json* objects = body.find("objects");
    if (objects == nullptr || objects->as_array() == nullptr) {
        return unprocessable("'objects' is no list");
    }
    if (objects->as_array()->size() > kMaxObjects) {
        return util::fail(
            util::Code::TooLarge, "more than " + std::to_string(kMaxObjects) + " objects at once"
        );
    }
    wish.objects = *objects->as_array();
    const bool uploads_so =
        wish.operation == Operation::Upload && (wish.takes_multipart || wish.takes_xet);
    if (!wish.takes_basic && !uploads_so) {
        return unprocessable("no transfer that this hub speaks: it has basic, multipart and xet");
    }
    return wish;
}

WantedObject wanted_object(const util::Json& item) {
    WantedObject wanted;
    wanted.oid = item.text("oid");
    const util::Json* size = item.find("size");
    const auto bytes = size != nullptr ? size->as_uint() : std::nullopt;
    wanted.size = bytes.value_or(0);
    const auto sha256 = util::Sha256::parse(wanted.oid);
    if (sha256.ok() && bytes) {
        wanted.blob = types::BlobRef{*sha256, *bytes};
    }
    return wanted;
}

class Batch {
  public:
    Batch(Call& call, const BatchWish& wish)
        : call_(call), wish_(wish), repo_(call.repo->record),
          base_(repo_url(call.request, repo_.id) + ".git/info/lfs/objects") {
        const auto now = util::to_millis(call.ctx.clock.now());
        expires_ms_ = now + call.services.limits.link_lifetime.count();
    }

    util::Result<util::Json> reply() {
        std::vector<WantedObject> wanted;
        for (const util::Json& item : wish_.objects) {
            wanted.push_back(wanted_object(item));
        }
        choose_transfer(wanted);
        auto objects = util::Json::array();
        for (const WantedObject& object : wanted) {
            RAILHUB_TRY(auto item, object_json(object));
            objects.push_back(std::move(item));
        }
        return util::Json::object(
            {{"transfer", transfer_word()},
             {"hash_algo", wish_.hash_word},
             {"objects", std::move(objects)}}
        );
    }

  private:
    // One transfer for all objects of an answer: parts when any of them is large enough. Small ones
    // then have one part.
    void choose_transfer(const std::vector<WantedObject>& wanted) {
        const bool any_large =
            std::any_of(wanted.begin(), wanted.end(), [&](const WantedObject& w) {
                return w.size >= call_.services.limits.multipart_threshold;
            });
        if (wish_.operation == Operation::Download) {
            return;
        }
        if (wish_.takes_xet) {
            transfer_ = Transfer::Xet;
        } else if (wish_.takes_multipart && (any_large || !wish_.takes_basic)) {
            transfer_ = Transfer::Multipart;
        }
    }

    [[nodiscard]] std::string_view transfer_word() const {
        switch (transfer_) {
        case Transfer::Basic:
            return "basic";
        case Transfer::Multipart:
            return "multipart";
        case Transfer::Xet:
            return "xet";
        }
        return "basic";
    }

    [[nodiscard]] util::Json upload_action(const types::BlobRef& blob) const {
        switch (transfer_) {
        case Transfer::Basic:
            return basic_action(blob);
        case Transfer::Multipart:
            return multipart_action(blob);
        case Transfer::Xet:
            return xet_action();
        }
        return basic_action(blob);
    }

    static util::Json with_error(util::Json item, int code, std::string_view message) {
        item.set("error", util::Json::object({{"code", code}, {"message", message}}));
        return item;
    }

    util::Result<util::Json> object_json(const WantedObject& wanted) {
        auto item = util::Json::object({{"oid", wanted.oid}, {"size", wanted.size}});
        if (!wanted.blob) {
            return with_error(std::move(item), 422, "not a sha256 and a size");
        }
        return wish_.operation == Operation::Upload ? upload_json(std::move(item), *wanted.blob)
                                                    : download_json(std::move(item), *wanted.blob);
    }

    util::Result<util::Json> upload_json(util::Json item, const types::BlobRef& blob) {
        const Limits& limits = call_.services.limits;
        if (blob.size > limits.large_file) {
            const std::string most = util::human_bytes(limits.large_file);
            return with_error(
                std::move(item), 413, "larger than " + most + ", the limit of this hub"
            );
        }
        RAILHUB_TRY(
            const bool is_here, app::is_here(call_.ctx, call_.deps(), *call_.tx, repo_.row, blob)
        );
        if (is_here) {
            return item;
        }
        auto upload = upload_action(blob);
        // "authenticated" tells git-lfs to send no credentials, to the verify link neither: it has
        // to carry its own right.
        const LinkClaim check = claim("verify", blob);
        auto verify = action_json(
            base_ + "/" + check.object + "/verify" + call_.services.signer.query_of(check),
            util::Json::object()
        );
        item.set("authenticated", true);
        item.set(
            "actions",
            util::Json::object({{"upload", std::move(upload)}, {"verify", std::move(verify)}})
        );
        return item;
    }

    [[nodiscard]] LinkClaim claim(std::string_view action, const types::BlobRef& blob) const {
        LinkClaim claim;
        claim.action = action;
        claim.repo = repo_.public_id;
        claim.object = blob.sha256.hex();
        claim.size = blob.size;
        claim.user = call_.who().user;
        claim.expires_ms = expires_ms_;
        return claim;
    }

    [[nodiscard]] util::Json action_json(const std::string& href, util::Json header) const {
        const auto seconds = call_.services.limits.link_lifetime.count() / 1000;
        return util::Json::object(
            {{"href", href}, {"header", std::move(header)}, {"expires_in", seconds}}
        );
    }

    [[nodiscard]] util::Json basic_action(const types::BlobRef& blob) const {
        const LinkClaim put = claim("put", blob);
        const std::string href = base_ + "/" + put.object + call_.services.signer.query_of(put);
        return action_json(href, util::Json::object());
    }

    // The same for all objects: where to get tokens, and a first one.
    [[nodiscard]] util::Json xet_action() const {
        const XetGrant grant = grant_xet(call_, XetClaim::Access::Write);
        const bool writes = call_.repo->permission >= access::Permission::Write;
        const std::string href =
            xet_token_url(call_.request, repo_.id, XetClaim::Access::Write, wish_.revision) +
            (writes ? "" : "?create_pr=1");
        auto header = util::Json::object(
            {{"X-Xet-Cas-Url", cas_url(call_.request)},
             {"X-Xet-Access-Token", grant.token},
             {"X-Xet-Token-Expiration", std::to_string(grant.expires_seconds)},
             {"X-Xet-Session-Id", call_.request.request_id}}
        );
        return action_json(href, std::move(header));
    }

    // All values are strings, parts in ascending order of five digits, nothing else in between
    // (hub-api section 9.3).
    [[nodiscard]] util::Json multipart_action(const types::BlobRef& blob) const {
        const std::uint64_t part_size = part_size_of(blob);
        auto header = util::Json::object({{"chunk_size", std::to_string(part_size)}});
        const std::uint64_t parts =
            std::max<std::uint64_t>((blob.size + part_size - 1) / part_size, 1);
        LinkClaim part = claim("part", blob);
        part.part_size = part_size;
        const std::string place = base_ + "/" + part.object;
        for (std::uint64_t i = 1; i <= parts; ++i) {
            part.part = static_cast<std::uint32_t>(i);
            std::string number = std::to_string(i);
            number.insert(0, number.size() < 5 ? 5 - number.size() : 0, '0');
            header.set(number, place + "/parts" + call_.services.signer.query_of(part));
        }
        LinkClaim complete = claim("complete", blob);
        complete.part_size = part_size;
        const std::string href = place + "/complete" + call_.services.signer.query_of(complete);
        return action_json(href, std::move(header));
    }

    // Numbers of parts have five digits at most, and an answer with thousands of links is long.
    [[nodiscard]] std::uint64_t part_size_of(const types::BlobRef& blob) const {
        constexpr std::uint64_t kMaxParts = 5'000;
        return std::max(call_.services.limits.part_size, (blob.size + kMaxParts - 1) / kMaxParts);
    }

    util::Result<util::Json> download_json(util::Json item, const types::BlobRef& blob) {
        RAILHUB_TRY(const bool may, app::may_fetch(*call_.tx, repo_.row, blob.sha256));
        std::optional<std::uint64_t> size;
        if (may) {
            RAILHUB_TRY(size, call_.deps().blobs.size(call_.ctx, blob.sha256));
        }
        if (!size) {
            return with_error(std::move(item), 404, "Object does not exist");
        }
        item.set("size", *size);
        LinkClaim get = claim("get", {blob.sha256, *size});
        const std::string href = base_ + "/" + get.object + call_.services.signer.query_of(get);
        item.set("authenticated", true);
        item.set(
            "actions", util::Json::object({{"download", action_json(href, util::Json::object())}})
        );
        return item;
    }

    Call& call_;
    const BatchWish& wish_;
    const repo::RepoRecord& repo_;
    std::string base_;
    std::int64_t expires_ms_ = 0;
    enum class Transfer : std::uint8_t { Basic, Multipart, Xet } transfer_ = Transfer::Basic;
};

} // namespace

Reply lfs_batch(Call& call) {
    RAILHUB_TRY(const util::Json body, body_json(call, call.services.limits.json_body));
    RAILHUB_TRY(const BatchWish wish, batch_wish(body));
    // Those who may read may upload: their commit, a pull request perhaps, is what is decided on.
    if (wish.operation == Operation::Upload && call.who().is_anonymous()) {
        return util::fail(util::Code::Unauthenticated, "Invalid username or password.");
    }
    const bool is_read_token =
        call.who().token && call.who().token->role == access::TokenRole::Read;
    if (wish.operation == Operation::Upload && is_read_token) {
        return util::fail(util::Code::PermissionDenied, "this token may only read");
    }
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(const auto reply, Batch(call, wish).reply());
    return lfs_json(200, reply);
}

} // namespace railhub::server::api
