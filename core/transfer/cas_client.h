// SPDX-License-Identifier: Apache-2.0
// CasClient: the calls of a Xet server (xet specification, section 5), with the token that the hub
// hands out for one repo and revision. Works against any hub.
#pragma once

#include "core/transfer/cas_json.h"
#include "core/transfer/session.h"
#include "core/types/repo_id.h"
#include "core/util/guarded.h"

#include <atomic>

namespace railhub::transfer {

enum class CasScope : std::uint8_t { Read, Write };

// Xorbs around a chunk that was asked for. Where `key` is not zero, chunk hashes are keyed by it.
struct ChunkAnswer {
    xet::Blake3Key key{};
    std::vector<xet::ShardXorb> xorbs;
};

// Safe from any thread. The hub's session is borrowed.
class CasClient {
  public:
    // Asks for the first token. nullptr when the hub offers no Xet for that (401, 403, 404, 405,
    // 501): go another way.
    static util::Result<std::unique_ptr<CasClient>> open(
        const util::Context& ctx,
        const Session& hub,
        const types::RepoId& id,
        std::string_view revision,
        CasScope scope
    );

    // Of bytes [begin, end) of the file; end may be past its end. nullopt when begin is.
    util::Result<std::optional<Reconstruction>> reconstruct(
        const util::Context& ctx, const xet::Hash& file, std::uint64_t begin, std::uint64_t end
    ) const;
    // The bytes of one range into `sink`. PermissionDenied: the address has expired, ask anew.
    util::Result<> fetch(const util::Context& ctx, const CasRange& range, ResponseSink& sink) const;
    // nullopt when the server does not know the chunk.
    util::Result<std::optional<ChunkAnswer>>
    ask_chunk(const util::Context& ctx, const xet::Hash& chunk) const;
    util::Result<>
    put_xorb(const util::Context& ctx, const xet::Hash& xorb, const HttpBody& body) const;
    // InvalidInput when the server does not agree with it, for example because a xorb that it
    // names is gone.
    util::Result<> put_shard(const util::Context& ctx, const xet::Shard& shard) const;

    // Base URL of the server, as the first token named it.
    [[nodiscard]] const std::string& url() const { return url_; }

    [[nodiscard]] const Session& session() const { return session_; }

  private:
    CasClient(const Session& hub, std::string token_path)
        : hub_(hub), session_(hub.without_token()), token_path_(std::move(token_path)) {}

    // The one in force; asks anew when it ends within half a minute.
    util::Result<CasToken> token(const util::Context& ctx) const;
    util::Result<CasToken> accept_token(const util::Json& json) const;
    void forget(const CasToken& refused) const;
    // With the token; once more with a new one after a 401. `url` of the request is a path.
    util::Result<HttpResponse>
    send(const util::Context& ctx, HttpRequest request, ResponseSink* sink) const;
    util::Result<HttpResponse> ask_reconstruction(
        const util::Context& ctx, const xet::Hash& file, const std::string& range
    ) const;
    // False when the server has no such route.
    util::Result<bool> put_shard_v2(const util::Context& ctx, const HttpBody& body) const;

    const Session& hub_;
    Session session_; // without the hub's token: servers get what is meant for them
    std::string token_path_;
    std::string url_;
    mutable util::Guarded<std::optional<CasToken>> token_;
    mutable std::atomic<bool> has_v2_reconstructions_{true};
    mutable std::atomic<bool> has_v2_shards_{true};
};

} // namespace railhub::transfer
