// SPDX-License-Identifier: Apache-2.0
// The receiving side of `git push`: the request's commands, and the report that answers them
// (gitprotocol-pack, "Pushing Data To a Server").
#pragma once

#include "core/repo/push.h"
#include "core/repo/wire/pkt_line.h"

#include <string>
#include <vector>

namespace railhub::repo::wire {

struct ReceiveRequest {
    std::vector<RefChange> changes;
    bool wants_report = false;
    bool wants_report_v2 = false;
    bool wants_side_band = false;
    bool is_atomic = false;
    bool is_quiet = false;

    // A pack follows the commands unless every change is a deletion.
    [[nodiscard]] bool has_pack() const;
};

inline constexpr std::size_t kMaxCommands = 10'000;

// Reads commands up to the flush (and push options after it); the pack is left in the reader.
// InvalidInput on anything malformed or more than kMaxCommands. An empty request (git's
// authentication probe, a lone flush) gives no changes.
util::Result<ReceiveRequest> read_receive_request(PacketReader& from);

// What became of one command: reason empty = done.
struct RefReport {
    std::string name;
    std::string reason;
};

// unpack_error empty = "unpack ok". `messages` are shown to the person ("remote: ..."), one line
// each. Framed as the client asked.
util::Result<> write_receive_report(
    util::Writer& to,
    const ReceiveRequest& request,
    const std::string& unpack_error,
    const std::vector<RefReport>& refs,
    const std::vector<std::string>& messages
);

} // namespace railhub::repo::wire
