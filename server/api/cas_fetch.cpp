// SPDX-License-Identifier: Apache-2.0
// Bytes of xorbs over data links, and answers to chunk queries (xet specification, sections 5.10
// and 5.6).
#include "core/access/permissions.h"
#include "core/util/digest.h"
#include "server/api/cas_files.h"
#include "server/api/file_reply.h"
#include "server/api/handlers.h"
#include "server/http/range.h"
#include "server/middleware/error_reply.h"
#include "server/middleware/xet_auth.h"

namespace railhub::server::api {

namespace {

constexpr std::int64_t kDayMillis = std::int64_t{24} * 60 * 60 * 1000;

// Another key for each user and day: answers of two users cannot be compared.
xet::DedupAnswer answer_header(const Call& call) {
    const std::int64_t now = util::to_millis(call.ctx.clock.now());
    const std::string text = call.who().user + "\n" + std::to_string(now / kDayMillis);
    xet::DedupAnswer header;
    header.key = util::hmac_sha256(call.services.dedup_secret, util::as_bytes(text)).bytes;
    header.created_seconds = static_cast<std::uint64_t>(now / 1000);
    const std::int64_t expires = now + call.services.limits.dedup_lifetime.count();
    header.expires_seconds = static_cast<std::uint64_t>(expires / 1000);
    return header;
}

// What a user was told of he may refer to, also when the repo it comes from is gone by then.
util::Result<> note_told(const Call& call, util::ByteView answer) {
    if (call.who().is_anonymous()) {
        return {};
    }
    RAILHUB_TRY(const xet::Shard shard, xet::parse_shard(answer));
    std::vector<xet::Hash> xorbs;
    for (const xet::ShardXorb& xorb : shard.xorbs) {
        xorbs.push_back(xorb.xorb);
    }
    return call.deps().engine.note_known(call.ctx, call.who().user_id, xorbs);
}

} // namespace

Reply cas_data(Call& call) {
    const std::string_view name = call.request.param("xorb");
    const std::int64_t now = util::to_millis(call.ctx.clock.now());
    RAILHUB_TRY(
        const DataClaim claim, call.services.data_links.check(call.request.query, name, now)
    );
    RAILHUB_TRY(const xet::Hash xorb, hash_param(call, "xorb"));
    auto opened = call.deps().engine.segment_reader(call.ctx, xorb, claim.layout);
    const bool is_stale = !opened.ok() && (opened.error().code == util::Code::NotFound ||
                                           opened.error().code == util::Code::Conflict);
    if (is_stale) {
        return data_link_refused();
    }
    RAILHUB_TRY(auto reader, std::move(opened));
    const auto choice = http::choose_range(call.request.headers.text("Range"), reader->size());
    const bool is_permitted = choice.kind == http::RangeChoice::Kind::Part &&
                              choice.offset >= claim.begin &&
                              choice.offset + choice.length <= claim.end;
    if (!is_permitted) {
        return data_link_refused();
    }
    http::Response response;
    response.body = file_body(std::move(reader));
    response.header("Content-Type", "application/octet-stream");
    add_content_guards(response);
    return response;
}

// A miss costs no look at the database: uploads ask for each file. What fails later answers like a
// miss too, or it would tell of chunks that are there.
Reply cas_chunk(Call& call) {
    RAILHUB_TRY(const xet::Hash chunk, hash_param(call, "chunk"));
    cas::Engine& engine = call.deps().engine;
    if (!engine.may_know_chunk(chunk)) {
        return unknown_content();
    }
    const auto admitted = admit_xet(call, XetClaim::Access::Read);
    if (!admitted.ok()) {
        return is_our_fault(admitted.error()) ? admitted.error() : unknown_content();
    }
    call.tx.reset();
    RAILHUB_TRY(
        const auto answer,
        engine.dedup_answer(call.ctx, chunk, readable_repos(call.identity), answer_header(call))
    );
    if (!answer) {
        return unknown_content();
    }
    RAILHUB_TRY(note_told(call, *answer));
    auto response =
        http::Response::text(200, std::string(util::as_text(*answer)), "application/octet-stream");
    response.header("Cache-Control", "no-store");
    return response;
}

} // namespace railhub::server::api
