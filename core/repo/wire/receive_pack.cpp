// SPDX-License-Identifier: Apache-2.0
// Commands and report of git push.
#include "core/repo/wire/receive_pack.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::repo::wire {

namespace {

constexpr std::size_t kOidDigits = 40;

util::Error bad_command(std::string_view line) {
    return util::fail(
        util::Code::InvalidInput,
        "malformed push command '" + std::string(line.substr(0, 100)) + "'"
    );
}

util::Result<std::optional<types::Oid>> parse_side(std::string_view hex) {
    RAILHUB_TRY(const types::Oid oid, types::Oid::parse(hex));
    if (oid == types::Oid{}) {
        return std::optional<types::Oid>{};
    }
    return std::optional<types::Oid>(oid);
}

// "<old> <new> <ref>"
util::Result<RefChange> parse_command(std::string_view line) {
    constexpr std::size_t name_at = 2 * kOidDigits + 2;
    if (line.size() <= name_at || line[kOidDigits] != ' ' || line[name_at - 1] != ' ') {
        return bad_command(line);
    }
    RefChange change;
    change.name = std::string(line.substr(name_at));
    RAILHUB_TRY(change.from, parse_side(line.substr(0, kOidDigits)));
    RAILHUB_TRY(change.to, parse_side(line.substr(kOidDigits + 1, kOidDigits)));
    if (!change.from && !change.to) {
        return bad_command(line);
    }
    return change;
}

struct Wishes {
    bool has_push_options = false;
};

Wishes read_capabilities(std::string_view text, ReceiveRequest& request) {
    Wishes wishes;
    for (const std::string_view word : util::split(text, ' ')) {
        request.wants_report |= word == "report-status" || word == "report-status-v2";
        request.wants_report_v2 |= word == "report-status-v2";
        request.wants_side_band |= word == "side-band-64k";
        request.is_atomic |= word == "atomic";
        request.is_quiet |= word == "quiet";
        wishes.has_push_options |= word == "push-options";
    }
    return wishes;
}

// Push options are accepted and ignored: no option is defined.
util::Result<> skip_push_options(PacketReader& from) {
    for (std::size_t count = 0; count < kMaxCommands; ++count) {
        RAILHUB_TRY(const Packet packet, from.next());
        if (packet.kind != PacketKind::Data) {
            return {};
        }
    }
    return util::fail(util::Code::TooLarge, "too many push options");
}

// The report proper, not yet on a side band.
util::Result<> write_status(
    PacketWriter& packets, const std::string& unpack_error, const std::vector<RefReport>& refs
) {
    RAILHUB_TRY(packets.data("unpack " + (unpack_error.empty() ? "ok" : unpack_error) + "\n"));
    for (const RefReport& ref : refs) {
        const std::string line =
            ref.reason.empty() ? "ok " + ref.name : "ng " + ref.name + " " + ref.reason;
        RAILHUB_TRY(packets.data(line.substr(0, kMaxPacketData - 1) + "\n"));
    }
    return packets.flush();
}

} // namespace

bool ReceiveRequest::has_pack() const {
    return std::any_of(changes.begin(), changes.end(), [](const RefChange& change) {
        return change.to.has_value();
    });
}

util::Result<ReceiveRequest> read_receive_request(PacketReader& from) {
    ReceiveRequest request;
    Wishes wishes;
    while (true) {
        RAILHUB_TRY(const Packet packet, from.next());
        if (packet.kind != PacketKind::Data) {
            break;
        }
        std::string_view line = packet.line();
        if (line.starts_with("shallow ")) {
            continue; // the connectivity check decides whether what was pushed is whole
        }
        if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos) {
            wishes = read_capabilities(line.substr(nul + 1), request);
            line = line.substr(0, nul);
        }
        if (request.changes.size() == kMaxCommands) {
            return util::fail(
                util::Code::TooLarge,
                "more than 10000 refs in one push",
                "push them in several steps"
            );
        }
        RAILHUB_TRY(RefChange change, parse_command(line));
        request.changes.push_back(std::move(change));
    }
    if (wishes.has_push_options) {
        RAILHUB_TRY(skip_push_options(from));
    }
    return request;
}

util::Result<> write_receive_report(
    util::Writer& to,
    const ReceiveRequest& request,
    const std::string& unpack_error,
    const std::vector<RefReport>& refs,
    const std::vector<std::string>& messages
) {
    PacketWriter packets(to);
    util::StringWriter status;
    PacketWriter status_packets(status);
    RAILHUB_TRY(write_status(status_packets, unpack_error, refs));
    if (!request.wants_side_band) {
        return request.wants_report ? to.write(util::as_bytes(status.text())) : util::Result<>{};
    }
    for (const std::string& message : messages) {
        RAILHUB_TRY(packets.band(Band::Progress, util::as_bytes(message + "\n")));
    }
    if (request.wants_report) {
        RAILHUB_TRY(packets.band(Band::Pack, util::as_bytes(status.text())));
    }
    return packets.flush();
}

} // namespace railhub::repo::wire
