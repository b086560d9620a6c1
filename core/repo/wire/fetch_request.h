// SPDX-License-Identifier: Apache-2.0
// What a client asks of upload-pack: wants, haves, depth (gitprotocol-pack and gitprotocol-v2).
#pragma once

#include "core/repo/wire/pkt_line.h"
#include "core/types/oid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace railhub::repo::wire {

inline constexpr std::size_t kMaxWants = 100'000;           // and as many haves and shallow lines
inline constexpr std::uint32_t kInfiniteDepth = 0x7fffffff; // what `git fetch --unshallow` sends

enum class AckMode : std::uint8_t { Single, Multi, Detailed };

struct FetchRequest {
    std::vector<types::Oid> wants;
    std::vector<types::Oid> haves;
    std::vector<types::Oid> client_shallow; // commits whose parents the client lacks
    std::uint32_t depth = 0;                // 0 = not asked
    bool is_depth_relative = false;         // counted from the client's own border
    std::optional<std::int64_t> since;      // seconds since 1970
    std::vector<std::string> exclude_refs;  // deepen-not
    std::string filter;                     // "blob:none", "blob:limit=N", "tree:0" or empty
    bool is_done = false;
    bool waits_for_done = false;
    bool thin = false;
    bool ofs_delta = false;
    bool include_tags = false;
    bool no_progress = false;
    bool no_done = false;   // V0: the pack may follow "ready" at once
    bool side_band = false; // V0; V2 always has it
    AckMode acks = AckMode::Single;

    [[nodiscard]] bool changes_depth() const {
        return depth != 0 || since || !exclude_refs.empty();
    }
};

struct LsRefsRequest {
    bool wants_peeled = false;
    bool wants_symrefs = false;
    bool wants_unborn = false;
    std::vector<std::string> prefixes; // any of them; empty = all
};

// The whole request of protocol V0 and V1: wants and depth, flush, haves up to "done" or a flush.
util::Result<FetchRequest> read_fetch_v0(PacketReader& from);

// The command line of a V2 request and its capability lines, up to the delimiter or flush.
struct CommandV2 {
    std::string name; // "ls-refs", "fetch"; empty at the end of the stream
    bool has_arguments = false;
};

util::Result<CommandV2> read_command_v2(PacketReader& from);
util::Result<FetchRequest> read_fetch_v2(PacketReader& from);
util::Result<LsRefsRequest> read_ls_refs(PacketReader& from);

} // namespace railhub::repo::wire
