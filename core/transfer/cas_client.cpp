// SPDX-License-Identifier: Apache-2.0
// Requests of the Xet protocol. All of them may be repeated: xorbs and shards are named by their
// content.
#include "core/transfer/cas_client.h"

#include "core/transfer/hub_json.h"
#include "core/util/url.h"

namespace railhub::transfer {

namespace {

constexpr std::int64_t kRefreshBefore = 30; // seconds
constexpr std::size_t kMaxShardAnswer = xet::kMaxShardBytes;
constexpr std::size_t kMaxEvents = std::size_t{16} << 20;
// The server may read all files of a shard before it answers.
constexpr std::chrono::minutes kShardPatience{15};
constexpr std::chrono::minutes kXorbPatience{5};

// An answer in memory, up to a limit.
class LimitedBytes final : public ResponseSink {
  public:
    LimitedBytes(std::size_t limit, std::string what) : limit_(limit), what_(std::move(what)) {}

    util::Result<> begin(const HttpResponse& /*head*/) override {
        bytes.clear();
        return {};
    }

    util::Result<> write(util::ByteView more) override {
        if (bytes.size() + more.size() > limit_) {
            return util::fail(util::Code::TooLarge, "the Xet server answers too much: " + what_);
        }
        bytes.insert(bytes.end(), more.begin(), more.end());
        return {};
    }

    util::Bytes bytes;

  private:
    std::size_t limit_;
    std::string what_;
};

bool means_no_xet(int status) {
    return status == 401 || status == 403 || status == 404 || status == 405 || status == 501;
}

bool means_no_route(int status) {
    return status == 404 || status == 405 || status == 501;
}

HttpBody shared_body(util::Bytes bytes) {
    return text_body(std::string(util::as_text(bytes)));
}

// The last word of a v2 upload; what follows it does not count.
util::Result<> judge_events(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(" \r\t") == std::string_view::npos) {
            continue;
        }
        RAILHUB_TRY(const ShardEvent event, read_shard_event(line));
        if (event.kind == ShardEvent::Kind::Result) {
            return {};
        }
        if (event.kind == ShardEvent::Kind::Failure) {
            return util::fail(
                event.is_retryable ? util::Code::Unavailable : util::Code::InvalidInput,
                "the Xet server does not take the shard: " + event.message
            );
        }
    }
    return util::fail(util::Code::Unavailable, "the Xet server broke off while it took a shard");
}

} // namespace

util::Result<std::unique_ptr<CasClient>> CasClient::open(
    const util::Context& ctx,
    const Session& hub,
    const types::RepoId& id,
    std::string_view revision,
    CasScope scope
) {
    const std::string word = scope == CasScope::Write ? "write" : "read";
    std::unique_ptr<CasClient> client(new CasClient(
        hub, api_path(id, "/xet-" + word + "-token/" + util::percent_encode(revision))
    ));
    HttpRequest request{.method = HttpMethod::Get, .url = hub.url(client->token_path_)};
    RAILHUB_TRY(const HttpResponse response, hub.send(ctx, std::move(request)));
    if (means_no_xet(response.status)) {
        return std::unique_ptr<CasClient>();
    }
    if (!response.is_success()) {
        return error_of(response, {.method = HttpMethod::Get, .url = response.url});
    }
    RAILHUB_TRY(const util::Json json, util::parse_json(response.body));
    RAILHUB_TRY(const CasToken token, client->accept_token(json));
    client->url_ = token.url;
    *client->token_.access() = token;
    return client;
}

util::Result<CasToken> CasClient::accept_token(const util::Json& json) const {
    RAILHUB_TRY(CasToken token, read_cas_token(json));
    if (hub_.endpoint().starts_with("https://") && !token.url.starts_with("https://")) {
        return util::fail(
            util::Code::PermissionDenied,
            "the hub sends from https to a Xet server with http, which is not followed"
        );
    }
    return token;
}

util::Result<CasToken> CasClient::token(const util::Context& ctx) const {
    auto token = token_.access(); // others wait for the new one, too
    const std::int64_t now = util::to_millis(ctx.clock.now()) / 1000;
    if (!token->has_value() || (*token)->expires_seconds - kRefreshBefore <= now) {
        RAILHUB_TRY(const util::Json json, hub_.json(ctx, HttpMethod::Get, token_path_));
        RAILHUB_TRY(*token, accept_token(json));
    }
    return **token;
}

void CasClient::forget(const CasToken& refused) const {
    auto token = token_.access();
    if (token->has_value() && (*token)->access == refused.access) {
        token->reset();
    }
}

util::Result<HttpResponse>
CasClient::send(const util::Context& ctx, HttpRequest request, ResponseSink* sink) const {
    const std::string path = std::move(request.url);
    const HttpHeaders headers = request.headers;
    for (int attempt = 1;; ++attempt) {
        RAILHUB_TRY(const CasToken token, token(ctx));
        request.url = token.url + path;
        request.headers = headers;
        request.headers.emplace_back("Authorization", "Bearer " + token.access);
        RAILHUB_TRY(HttpResponse response, session_.send(ctx, request, sink));
        if (response.status != 401 || attempt > 1) {
            return response;
        }
        forget(token);
    }
}

util::Result<HttpResponse> CasClient::ask_reconstruction(
    const util::Context& ctx, const xet::Hash& file, const std::string& range
) const {
    const auto ask = [&](std::string_view version) {
        HttpRequest request{
            .method = HttpMethod::Get,
            .url = "/" + std::string(version) + "/reconstructions/" + file.text()};
        request.headers.emplace_back("Range", range);
        return send(ctx, std::move(request), nullptr);
    };
    if (has_v2_reconstructions_) {
        RAILHUB_TRY(HttpResponse response, ask("v2"));
        if (!means_no_route(response.status)) {
            return response;
        }
    }
    RAILHUB_TRY(HttpResponse response, ask("v1"));
    if (response.is_success()) {
        has_v2_reconstructions_ = false;
    }
    return response;
}

util::Result<std::optional<Reconstruction>> CasClient::reconstruct(
    const util::Context& ctx, const xet::Hash& file, std::uint64_t begin, std::uint64_t end
) const {
    const std::string range = "bytes=" + std::to_string(begin) + "-" + std::to_string(end - 1);
    RAILHUB_TRY(const HttpResponse response, ask_reconstruction(ctx, file, range));
    if (response.status == 416) {
        return std::optional<Reconstruction>();
    }
    if (!response.is_success()) {
        return error_of(response, {.method = HttpMethod::Get, .url = response.url});
    }
    RAILHUB_TRY(const util::Json json, util::parse_json(response.body));
    RAILHUB_TRY(Reconstruction result, read_reconstruction(json));
    return std::optional<Reconstruction>(std::move(result));
}

util::Result<>
CasClient::fetch(const util::Context& ctx, const CasRange& range, ResponseSink& sink) const {
    HttpRequest request{.method = HttpMethod::Get, .url = range.url};
    request.headers.emplace_back("Accept-Encoding", "identity");
    request.headers.emplace_back(
        "Range",
        "bytes=" + std::to_string(range.begin_byte) + "-" + std::to_string(range.end_byte - 1)
    );
    RAILHUB_TRY(session_.require(ctx, std::move(request), &sink));
    return {};
}

util::Result<std::optional<ChunkAnswer>>
CasClient::ask_chunk(const util::Context& ctx, const xet::Hash& chunk) const {
    LimitedBytes sink(kMaxShardAnswer, "a chunk query");
    HttpRequest request{.method = HttpMethod::Get, .url = "/v1/chunks/default/" + chunk.text()};
    RAILHUB_TRY(const HttpResponse response, send(ctx, std::move(request), &sink));
    if (response.status == 404) {
        return std::optional<ChunkAnswer>();
    }
    if (!response.is_success()) {
        return error_of(response, {.method = HttpMethod::Get, .url = response.url});
    }
    RAILHUB_TRY(xet::Shard shard, xet::parse_shard(sink.bytes));
    RAILHUB_TRY(const xet::DedupAnswer footer, xet::parse_dedup_footer(sink.bytes));
    return std::optional<ChunkAnswer>({footer.key, std::move(shard.xorbs)});
}

util::Result<>
CasClient::put_xorb(const util::Context& ctx, const xet::Hash& xorb, const HttpBody& body) const {
    HttpRequest request{.method = HttpMethod::Post, .url = "/v1/xorbs/default/" + xorb.text()};
    request.body = body;
    request.timeouts.stall = kXorbPatience;
    RAILHUB_TRY(const HttpResponse response, send(ctx, std::move(request), nullptr));
    if (!response.is_success()) {
        return error_of(response, {.method = HttpMethod::Post, .url = response.url});
    }
    return {};
}

util::Result<bool> CasClient::put_shard_v2(const util::Context& ctx, const HttpBody& body) const {
    for (int attempt = 2;; ++attempt) {
        LimitedBytes sink(kMaxEvents, "a shard upload");
        HttpRequest request{.method = HttpMethod::Post, .url = "/v2/shards"};
        request.body = body;
        request.timeouts.stall = kShardPatience;
        RAILHUB_TRY(const HttpResponse response, send(ctx, std::move(request), &sink));
        if (means_no_route(response.status)) {
            return false;
        }
        if (!response.is_success()) {
            return error_of(response, {.method = HttpMethod::Post, .url = response.url});
        }
        auto judged = judge_events(util::as_text(sink.bytes));
        if (judged.ok()) {
            return true;
        }
        if (judged.error().code != util::Code::Unavailable || attempt > session_.retry().attempts) {
            return std::move(judged).error();
        }
        RAILHUB_TRY(wait_for(ctx, session_.retry().first_delay));
    }
}

util::Result<> CasClient::put_shard(const util::Context& ctx, const xet::Shard& shard) const {
    const HttpBody body = shared_body(xet::write_shard(shard));
    if (has_v2_shards_) {
        RAILHUB_TRY(const bool was_taken, put_shard_v2(ctx, body));
        if (was_taken) {
            return {};
        }
        has_v2_shards_ = false;
    }
    HttpRequest request{.method = HttpMethod::Post, .url = "/v1/shards"};
    request.body = body;
    request.timeouts.stall = kShardPatience;
    RAILHUB_TRY(const HttpResponse response, send(ctx, std::move(request), nullptr));
    if (!response.is_success()) {
        return error_of(response, {.method = HttpMethod::Post, .url = response.url});
    }
    return {};
}

} // namespace railhub::transfer
