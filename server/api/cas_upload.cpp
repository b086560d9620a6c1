// SPDX-License-Identifier: Apache-2.0
// Xorbs and shards on their way in (xet specification, sections 5.4 and 5.5).
#include "server/api/cas_files.h"
#include "server/api/handlers.h"
#include "server/middleware/error_reply.h"

#include <array>

namespace railhub::server::api {

namespace {

// Records that lie in one block are not copied to be verified; it fits a core's cache.
constexpr std::size_t kBlock = std::size_t{512} << 10;
constexpr std::chrono::milliseconds kBetweenEvents{1000};

util::Result<> receive_xorb(const util::Context& ctx, http::Body& body, cas::XorbIntake& intake) {
    util::Bytes block(kBlock);
    while (true) {
        RAILHUB_TRY(ctx.check_stop());
        RAILHUB_TRY(const std::size_t got, body.read(block));
        if (got == 0) {
            return {};
        }
        RAILHUB_TRY(intake.write(util::ByteView(block).first(got)));
    }
}

// A client that is still sending takes an early answer for a broken connection and sends it all
// again: what is refused is read to its end first.
void drain(http::Body& body) {
    util::Bytes block(kBlock);
    while (true) {
        const auto got = body.read(block);
        if (!got.ok() || *got == 0) {
            return;
        }
    }
}

cas::Uploader uploader_of(const Call& call) {
    return {call.repo->record.row, call.who().user_id, readable_repos(call.identity)};
}

util::Result<std::string> shard_body(Call& call) {
    http::Body& body = *call.request.body;
    if (body.length() && *body.length() > xet::kMaxShardBytes) {
        return util::fail(util::Code::TooLarge, "a shard has more than 64 MiB");
    }
    body.limit(xet::kMaxShardBytes);
    return util::read_all(body, xet::kMaxShardBytes);
}

// "Registered", also when it was: whether others have it is not for the uploader to learn, and
// clients take both for success.
util::Json shard_result() {
    return util::Json::object({{"result", 1}});
}

// The lines of a version 2 answer. A client that is gone does not stop the registration.
class EventLines {
  public:
    EventLines(const util::Context& ctx, util::Writer& out) : ctx_(ctx), out_(out) {}

    util::Result<> say(util::Json event) { return out_.write(util::as_bytes(event.dump() + "\n")); }

    // Now and then, so that the connection is never silent for long.
    void verified(std::uint64_t done, std::uint64_t total) {
        const auto now = ctx_.clock.steady();
        if (is_gone_ || (last_ && now - *last_ < kBetweenEvents)) {
            return;
        }
        last_ = now;
        is_gone_ =
            !say(util::Json::object({{"type", "validating"}, {"verified", done}, {"total", total}})
            ).ok();
    }

  private:
    const util::Context& ctx_;
    util::Writer& out_;
    std::optional<decltype(ctx_.clock.steady())> last_;
    bool is_gone_ = false;
};

util::Json event_of(const util::Error& error) {
    const bool is_ours = is_our_fault(error) || error.code == util::Code::Unavailable ||
                         error.code == util::Code::Cancelled;
    const std::string message =
        is_ours ? "the hub could not do this; its log says why" : error.message;
    return util::Json::object({{"type", "error"}, {"message", message}, {"retryable", is_ours}});
}

} // namespace

Reply cas_put_xorb(Call& call) {
    RAILHUB_TRY(const xet::Hash hash, hash_param(call, "xorb"));
    http::Body& body = *call.request.body;
    if (body.length() && *body.length() > xet::kMaxXorbBody) {
        return util::fail(util::Code::TooLarge, "a xorb has more than 64 MiB");
    }
    body.limit(xet::kMaxXorbBody);
    RAILHUB_TRY(auto intake, call.deps().engine.begin_xorb(call.ctx, hash));
    const auto received = receive_xorb(call.ctx, body, *intake);
    if (!received.ok()) {
        drain(body);
        return received.error();
    }
    RAILHUB_TRY(intake->commit());
    RAILHUB_TRY(call.deps().engine.note_known(call.ctx, call.who().user_id, std::span(&hash, 1)));
    // Said also of a xorb that was here, for the same reason; clients only count with it.
    return http::Response::json(200, util::Json::object({{"was_inserted", true}}));
}

Reply cas_put_shard_v1(Call& call) {
    RAILHUB_TRY(const std::string shard, shard_body(call));
    RAILHUB_TRY(call.deps().engine.register_shard(
        call.ctx, util::as_bytes(shard), uploader_of(call), [](std::uint64_t, std::uint64_t) {}
    ));
    return http::Response::json(200, shard_result());
}

Reply cas_put_shard_v2(Call& call) {
    RAILHUB_TRY(std::string shard, shard_body(call));
    http::StreamBody body;
    Services& services = call.services;
    const cas::Uploader uploader = uploader_of(call);
    const std::string id = call.request.request_id;
    body.produce = [&services, uploader, id, shard = std::move(shard)](util::Writer& out) {
        EventLines lines(services.ctx, out);
        lines.verified(0, 0);
        const auto outcome = services.deps.engine.register_shard(
            services.ctx,
            util::as_bytes(shard),
            uploader,
            [&](std::uint64_t done, std::uint64_t total) { lines.verified(done, total); }
        );
        if (!outcome.ok()) {
            if (is_our_fault(outcome.error())) {
                services.ctx.log.error(
                    "request failed",
                    {{"request", id},
                     {"route", "cas.shard.v2"},
                     {"error", util::to_line(outcome.error())}}
                );
            }
            return lines.say(event_of(outcome.error()));
        }
        util::Json result = shard_result();
        result.set("type", "result");
        return lines.say(std::move(result));
    };
    http::Response response;
    response.body = std::move(body);
    response.header("Content-Type", "application/x-ndjson");
    response.header("Cache-Control", "no-store");
    return response;
}

Reply cas_telemetry(Call& call) {
    drain(*call.request.body);
    return http::Response::json(200, util::Json::object());
}

} // namespace railhub::server::api
