// SPDX-License-Identifier: Apache-2.0
// One fetch or ls-refs request from reading to answer.
#include "core/repo/wire/upload_pack.h"

#include "core/repo/pack_send.h"
#include "core/repo/wire/band_progress.h"
#include "core/repo/wire/fetch_request.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::repo::wire {

namespace {

// What all steps of one answer share.
struct Session {
    const util::Context& ctx;
    Repository& repository;
    storage::ObjectStore& cache;
    PacketWriter& packets;
    util::Writer& answer;
};

// A mistake that git shows as "remote error: ...".
util::Result<> answer_error(Session& session, const util::Error& error) {
    return session.packets.data("ERR " + error.message.substr(0, 1000) + "\n");
}

bool is_clients_mistake(const util::Error& error) {
    return error.code == util::Code::InvalidInput || error.code == util::Code::NotFound ||
           error.code == util::Code::TooLarge;
}

util::Result<std::vector<types::Oid>>
common_objects(Repository& repository, const std::vector<types::Oid>& haves) {
    std::vector<types::Oid> common;
    for (const types::Oid& oid : haves) {
        RAILHUB_TRY(const bool is_here, repository.has_object(oid));
        if (is_here) {
            common.push_back(oid);
        }
    }
    return common;
}

// wants of refs may be tag objects: the graph starts at their commits.
util::Result<std::vector<types::Oid>>
wanted_commits(Repository& repository, const std::vector<types::Oid>& wants) {
    RAILHUB_TRY(const std::vector<Ref> refs, repository.refs());
    std::vector<types::Oid> commits;
    for (const types::Oid& want : wants) {
        RAILHUB_TRY(const bool is_here, repository.has_object(want));
        if (!is_here) {
            return util::fail(util::Code::NotFound, "upload-pack: not our ref " + want.hex());
        }
        const auto tag = std::find_if(refs.begin(), refs.end(), [&](const Ref& ref) {
            return ref.target == want;
        });
        commits.push_back(tag == refs.end() ? want : tag->peeled);
    }
    return commits;
}

util::Result<Deepen> deepening(Repository& repository, const FetchRequest& request) {
    Deepen deepen;
    deepen.depth = request.depth == kInfiniteDepth ? 0 : request.depth;
    deepen.since_seconds = request.since.value_or(0);
    deepen.base = request.is_depth_relative ? Deepen::Base::ClientShallow : Deepen::Base::Wants;
    for (const std::string& name : request.exclude_refs) {
        RAILHUB_TRY(const Resolved resolved, repository.resolve(name));
        deepen.not_from.push_back(resolved.commit);
    }
    return deepen;
}

util::Result<ShallowBoundary>
boundary_of(Session& session, const FetchRequest& request, const std::vector<types::Oid>& commits) {
    if (!request.changes_depth()) {
        return ShallowBoundary{};
    }
    RAILHUB_TRY(const Deepen deepen, deepening(session.repository, request));
    return shallow_boundary(
        session.ctx, session.repository, commits, request.client_shallow, deepen
    );
}

util::Result<> write_boundary(PacketWriter& packets, const ShallowBoundary& boundary) {
    for (const types::Oid& oid : boundary.shallow) {
        RAILHUB_TRY(packets.data("shallow " + oid.hex() + "\n"));
    }
    for (const types::Oid& oid : boundary.unshallow) {
        RAILHUB_TRY(packets.data("unshallow " + oid.hex() + "\n"));
    }
    return {};
}

// The pack on side band 1 with progress on 2, or bare for clients without side bands.
util::Result<>
send_pack(Session& session, const FetchRequest& request, const ShallowBoundary& boundary) {
    PackRequest pack;
    pack.wants = request.wants;
    pack.haves = request.haves;
    pack.client_shallow = request.client_shallow;
    pack.shallow = boundary.shallow;
    pack.unshallow = boundary.unshallow;
    pack.tags = request.include_tags ? TagFollowing::Include : TagFollowing::Omit;
    if (!request.filter.empty()) {
        RAILHUB_TRY(pack.filter, parse_blob_filter(request.filter));
    }
    if (!request.side_band) {
        return write_pack(session.ctx, session.repository, session.cache, pack, session.answer);
    }
    BandProgress shown(session.packets);
    util::NullProgress silent;
    util::Progress& progress = request.no_progress ? static_cast<util::Progress&>(silent) : shown;
    const util::Context ctx{session.ctx.log, progress, session.ctx.clock, session.ctx.stop};
    BandWriter band(session.packets, Band::Pack);
    if (util::Result<> sent = write_pack(ctx, session.repository, session.cache, pack, band);
        !sent.ok()) {
        const std::string why = "railhub: " + sent.error().message + "\n";
        static_cast<void>(session.packets.band(Band::Fatal, util::as_bytes(why)).ok());
        return sent;
    }
    return session.packets.flush();
}

util::Result<> serve_ls_refs(Session& session, const LsRefsRequest& request) {
    const auto is_wanted = [&](std::string_view name) {
        return request.prefixes.empty() ||
               std::any_of(
                   request.prefixes.begin(),
                   request.prefixes.end(),
                   [&](const std::string& prefix) { return name.starts_with(prefix); }
               );
    };
    const std::string head =
        std::string(types::kHeads) + session.repository.record().default_branch;
    RAILHUB_TRY(const std::vector<Ref> refs, session.repository.refs());
    const auto tip =
        std::find_if(refs.begin(), refs.end(), [&](const Ref& ref) { return ref.name == head; });
    const std::string symref = request.wants_symrefs ? " symref-target:" + head : "";
    if (is_wanted("HEAD") && tip != refs.end()) {
        RAILHUB_TRY(session.packets.data(tip->target.hex() + " HEAD" + symref + "\n"));
    } else if (is_wanted("HEAD") && request.wants_unborn) {
        RAILHUB_TRY(session.packets.data("unborn HEAD" + symref + "\n"));
    }
    for (const Ref& ref : refs) {
        if (is_wanted(ref.name)) {
            const bool is_tag = request.wants_peeled && ref.peeled != ref.target;
            const std::string peeled = is_tag ? " peeled:" + ref.peeled.hex() : "";
            RAILHUB_TRY(session.packets.data(ref.target.hex() + " " + ref.name + peeled + "\n"));
        }
    }
    return session.packets.flush();
}

// The acknowledgments section of V2; true when the pack follows.
util::Result<bool> acknowledge_v2(
    Session& session, const FetchRequest& request, const std::vector<types::Oid>& commits
) {
    if (request.is_done) {
        return true;
    }
    RAILHUB_TRY(
        const std::vector<types::Oid> common, common_objects(session.repository, request.haves)
    );
    RAILHUB_TRY(session.packets.data("acknowledgments\n"));
    for (const types::Oid& oid : common) {
        RAILHUB_TRY(session.packets.data("ACK " + oid.hex() + "\n"));
    }
    if (common.empty()) {
        RAILHUB_TRY(session.packets.data("NAK\n"));
    }
    bool ready = false;
    if (!common.empty() && !request.waits_for_done) {
        RAILHUB_TRY(ready, is_ready(session.ctx, session.repository, commits, common));
    }
    if (!ready) {
        RAILHUB_TRY(session.packets.flush());
        return false;
    }
    RAILHUB_TRY(session.packets.data("ready\n"));
    RAILHUB_TRY(session.packets.delimiter());
    return true;
}

util::Result<> serve_fetch_v2(Session& session, const FetchRequest& request) {
    RAILHUB_TRY(
        const std::vector<types::Oid> commits, wanted_commits(session.repository, request.wants)
    );
    RAILHUB_TRY(const ShallowBoundary boundary, boundary_of(session, request, commits));
    if (!request.filter.empty()) {
        RAILHUB_TRY(parse_blob_filter(request.filter)
        ); // a mistake is told before the answer begins
    }
    // Without haves a request that is not done is a probe of an empty clone: git sends done at
    // once.
    RAILHUB_TRY(const bool goes_on, acknowledge_v2(session, request, commits));
    if (!goes_on) {
        return {};
    }
    if (request.changes_depth()) {
        RAILHUB_TRY(session.packets.data("shallow-info\n"));
        RAILHUB_TRY(write_boundary(session.packets, boundary));
        RAILHUB_TRY(session.packets.delimiter());
    }
    RAILHUB_TRY(session.packets.data("packfile\n"));
    return send_pack(session, request, boundary);
}

util::Result<> serve_v2(Session& session, PacketReader& from) {
    RAILHUB_TRY(const CommandV2 command, read_command_v2(from));
    if (command.name == "ls-refs") {
        LsRefsRequest request;
        if (command.has_arguments) {
            RAILHUB_TRY(request, read_ls_refs(from));
        }
        return serve_ls_refs(session, request);
    }
    if (command.name == "fetch") {
        RAILHUB_TRY(const FetchRequest request, read_fetch_v2(from));
        return serve_fetch_v2(session, request);
    }
    return util::fail(
        util::Code::InvalidInput, "unknown command '" + command.name.substr(0, 50) + "'"
    );
}

// ACK lines for each common object, in the dialect the client chose.
util::Result<>
write_acks_v0(Session& session, AckMode mode, const std::vector<types::Oid>& common) {
    if (mode == AckMode::Single) {
        return common.empty() ? util::Result<>{}
                              : session.packets.data("ACK " + common.front().hex() + "\n");
    }
    const std::string_view word = mode == AckMode::Detailed ? " common\n" : " continue\n";
    for (const types::Oid& oid : common) {
        RAILHUB_TRY(session.packets.data("ACK " + oid.hex() + std::string(word)));
    }
    return {};
}

// One round of V0; true when the pack follows.
util::Result<bool> negotiate_v0(
    Session& session, const FetchRequest& request, const std::vector<types::Oid>& commits
) {
    RAILHUB_TRY(
        const std::vector<types::Oid> common, common_objects(session.repository, request.haves)
    );
    RAILHUB_TRY(write_acks_v0(session, request.acks, common));
    if (request.is_done) {
        const bool closes_with_ack = !common.empty() && request.acks != AckMode::Single;
        if (closes_with_ack) {
            RAILHUB_TRY(session.packets.data("ACK " + common.back().hex() + "\n"));
        } else if (common.empty()) {
            RAILHUB_TRY(session.packets.data("NAK\n"));
        }
        return true;
    }
    bool ready = false;
    if (!common.empty() && request.acks == AckMode::Detailed) {
        RAILHUB_TRY(ready, is_ready(session.ctx, session.repository, commits, common));
    }
    if (ready) {
        RAILHUB_TRY(session.packets.data("ACK " + common.back().hex() + " ready\n"));
    }
    if (request.acks != AckMode::Single || common.empty()) {
        RAILHUB_TRY(session.packets.data("NAK\n"));
    }
    if (ready && request.no_done) {
        RAILHUB_TRY(session.packets.data("ACK " + common.back().hex() + "\n"));
        return true;
    }
    return false;
}

util::Result<> serve_v0(Session& session, PacketReader& from) {
    RAILHUB_TRY(const FetchRequest request, read_fetch_v0(from));
    if (request.wants.empty()) {
        return {}; // the client has all it wants
    }
    RAILHUB_TRY(
        const std::vector<types::Oid> commits, wanted_commits(session.repository, request.wants)
    );
    RAILHUB_TRY(const ShallowBoundary boundary, boundary_of(session, request, commits));
    if (!request.filter.empty()) {
        RAILHUB_TRY(parse_blob_filter(request.filter));
    }
    if (request.changes_depth()) {
        RAILHUB_TRY(write_boundary(session.packets, boundary));
        RAILHUB_TRY(session.packets.flush());
        if (request.haves.empty() && !request.is_done) {
            return {}; // the client comes back with its haves
        }
    }
    RAILHUB_TRY(const bool goes_on, negotiate_v0(session, request, commits));
    return goes_on ? send_pack(session, request, boundary) : util::Result<>{};
}

// Counts what was sent: after the first byte a mistake can no longer be told as "ERR".
class CountingWriter final : public util::Writer {
  public:
    explicit CountingWriter(util::Writer& to) : to_(to) {}

    util::Result<> write(util::ByteView bytes) override {
        is_started_ = true;
        return to_.write(bytes);
    }

    [[nodiscard]] bool is_started() const { return is_started_; }

  private:
    util::Writer& to_;
    bool is_started_ = false;
};

} // namespace

util::Result<> serve_upload_pack(
    const util::Context& ctx,
    Repository& repository,
    storage::ObjectStore& cache,
    Version version,
    util::Reader& request,
    util::Writer& answer
) {
    CountingWriter counted(answer);
    PacketWriter packets(counted);
    PacketReader from(request);
    Session session{ctx, repository, cache, packets, counted};
    util::Result<> served =
        version == Version::V2 ? serve_v2(session, from) : serve_v0(session, from);
    if (!served.ok() && !counted.is_started() && is_clients_mistake(served.error())) {
        return answer_error(session, served.error());
    }
    return served;
}

} // namespace railhub::repo::wire
