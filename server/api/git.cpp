// SPDX-License-Identifier: Apache-2.0
// Git over HTTP (gitprotocol-http): ref advertisement, fetch, push. Access is the dispatcher's, the
// protocol is core/repo/wire's; errors before the protocol starts are plain text, which git prints.
#include "core/app/publish.h"
#include "core/repo/wire/advertise.h"
#include "core/repo/wire/receive_pack.h"
#include "core/repo/wire/upload_pack.h"
#include "server/api/handlers.h"
#include "server/http/inflating_reader.h"
#include "server/middleware/error_reply.h"

#include <memory>

namespace railhub::server::api {

namespace {

using repo::wire::Service;
using repo::wire::Version;

constexpr std::uint64_t kMaxFetchRequest = std::uint64_t{32} << 20;

Version git_version(const http::Request& request) {
    return repo::wire::parse_version(request.headers.text("Git-Protocol"));
}

http::Response git_answer(Service service, std::string_view kind) {
    http::Response response;
    const std::string type =
        "application/x-" + std::string(repo::wire::service_word(service)) + "-" + std::string(kind);
    response.header("Content-Type", type).header("Cache-Control", "no-cache");
    return response;
}

util::Result<Service> asked_service(const http::Request& request) {
    const std::string* const word = request.query_value("service");
    for (const Service service : {Service::UploadPack, Service::ReceivePack}) {
        if (word != nullptr && *word == repo::wire::service_word(service)) {
            return service;
        }
    }
    return util::fail(
        util::Code::InvalidInput, "only the smart HTTP protocol is served", "use git 1.6.6 or newer"
    );
}

// git compresses longer requests. Null when this one is plain.
std::unique_ptr<util::Reader> inflated_pack(http::Request& request) {
    const std::string_view encoding = request.headers.text("Content-Encoding");
    if (encoding != "gzip" && encoding != "x-gzip") {
        return nullptr;
    }
    http::InflateLimits limits;
    limits.max_bytes = repo::PackLimits{}.max_bytes;
    return std::make_unique<http::InflatingReader>(*request.body, limits);
}

// What the client reads after its pack was taken or refused.
http::Response push_answer(
    const repo::wire::ReceiveRequest& request,
    const std::string& unpack_error,
    const std::vector<repo::wire::RefReport>& refs,
    const std::vector<std::string>& messages
) {
    util::StringWriter out;
    const util::Result<> written =
        repo::wire::write_receive_report(out, request, unpack_error, refs, messages);
    RAILHUB_ASSERT(written.ok()); // memory takes everything
    http::Response response = git_answer(Service::ReceivePack, "result");
    response.body = out.take();
    return response;
}

// The pack as a whole was not taken. What went wrong inside the hub is for its log.
http::Response
refused_push(Call& call, const repo::wire::ReceiveRequest& request, const util::Error& error) {
    std::string reason = error.hint.empty() ? error.message : error.message + "; " + error.hint;
    if (is_our_fault(error)) {
        call.ctx.log.error(
            "push failed", {{"request", call.request.request_id}, {"error", util::to_line(error)}}
        );
        reason = "the hub could not take the pack, its log says why";
    }
    std::vector<repo::wire::RefReport> refs;
    for (const repo::RefChange& change : request.changes) {
        refs.push_back({change.name, "unpacker error"});
    }
    return push_answer(request, reason, refs, {});
}

util::Result<app::PushOutcome>
receive_push(Call& call, const repo::wire::ReceiveRequest& request, util::Reader& pack) {
    // First the pack, which may take its time, then the snapshot.
    std::unique_ptr<repo::IncomingPack> incoming;
    if (request.has_pack()) {
        RAILHUB_TRY(
            incoming, repo::IncomingPack::receive(call.ctx, pack, call.deps().quarantine_folder, {})
        );
    }
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(
        const std::unique_ptr<repo::Stage> stage,
        repo::Stage::open(call.ctx, *call.tx, call.deps().blobs, call.repo->record)
    );
    if (incoming) {
        RAILHUB_TRY(stage->adopt_pack(std::move(incoming)));
    }
    const app::GitPush push{
        *call.tx,
        call.repo->record,
        call.who(),
        call.repo->permission,
        request.changes,
        request.is_atomic ? app::GitPush::Atomic::Yes : app::GitPush::Atomic::No,
    };
    return app::accept_push(call.ctx, call.deps(), push, *stage);
}

// A fetch being answered, after its handler has returned: it owns all it needs.
struct Fetch {
    Services& services;
    util::Context ctx;
    std::unique_ptr<db::Transaction> tx;
    std::unique_ptr<repo::Repository> repository;
    Version version;
    std::string request;

    util::Result<> write(util::Writer& out) {
        util::MemoryReader from(request);
        storage::ObjectStore& cache = services.deps.blobs.objects();
        return repo::wire::serve_upload_pack(ctx, *repository, cache, version, from, out);
    }
};

} // namespace

Reply git_info_refs(Call& call) {
    RAILHUB_TRY(const Service service, asked_service(call.request));
    if (service == Service::ReceivePack) {
        RAILHUB_TRY(app::find_repo(*call.tx, call.who(), call.id, access::Permission::Write));
    }
    RAILHUB_TRY(open_repository(call));
    util::StringWriter out;
    RAILHUB_TRY(repo::wire::advertise(*call.repository, service, git_version(call.request), out));
    http::Response response = git_answer(service, "advertisement");
    response.body = out.take();
    return response;
}

Reply git_upload_pack(Call& call) {
    RAILHUB_TRY(std::string request, body_text(call, kMaxFetchRequest));
    RAILHUB_TRY(begin_snapshot(call));
    RAILHUB_TRY(open_repository(call));
    const auto fetch = std::make_shared<Fetch>(Fetch{
        call.services,
        call.ctx,
        std::move(call.tx),
        std::move(call.repository),
        git_version(call.request),
        std::move(request),
    });
    http::Response response = git_answer(Service::UploadPack, "result");
    response.body = http::StreamBody{[fetch](util::Writer& out) { return fetch->write(out); }};
    return response;
}

Reply git_receive_pack(Call& call) {
    const std::unique_ptr<util::Reader> inflated = inflated_pack(call.request);
    util::Reader& body = inflated ? *inflated : *call.request.body;
    repo::wire::PacketReader packets(body);
    RAILHUB_TRY(
        const repo::wire::ReceiveRequest request, repo::wire::read_receive_request(packets)
    );
    if (request.changes.empty()) { // how git asks whether its credentials are good
        return git_answer(Service::ReceivePack, "result");
    }
    const util::Result<app::PushOutcome> outcome = receive_push(call, request, body);
    if (!outcome.ok()) {
        return refused_push(call, request, outcome.error());
    }
    std::vector<repo::wire::RefReport> refs;
    for (const app::RefOutcome& ref : outcome->refs) {
        refs.push_back({ref.name, ref.refusal});
    }
    return push_answer(request, "", refs, outcome->messages);
}

} // namespace railhub::server::api
