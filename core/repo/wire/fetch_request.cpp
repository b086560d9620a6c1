// SPDX-License-Identifier: Apache-2.0
// Reading fetch and ls-refs requests. Both protocol versions share one table of argument lines.
#include "core/repo/wire/fetch_request.h"

#include "core/util/text.h"

#include <array>
#include <string_view>

namespace railhub::repo::wire {

namespace {

util::Error bad_line(std::string_view line) {
    return util::fail(
        util::Code::InvalidInput,
        "malformed line '" + std::string(line.substr(0, 100)) + "' in a fetch request"
    );
}

util::Result<> add_oid(std::vector<types::Oid>& list, std::string_view hex) {
    if (list.size() == kMaxWants) {
        return util::fail(
            util::Code::TooLarge, "more than 100000 objects named in a fetch request"
        );
    }
    RAILHUB_TRY(types::Oid oid, types::Oid::parse(hex));
    list.push_back(oid);
    return {};
}

util::Result<> set_depth(FetchRequest& request, std::string_view text) {
    const std::optional<std::uint64_t> depth = util::parse_decimal(text);
    if (!depth || *depth == 0 || *depth > kInfiniteDepth) {
        return bad_line(text);
    }
    request.depth = static_cast<std::uint32_t>(*depth);
    return {};
}

util::Result<> set_since(FetchRequest& request, std::string_view text) {
    const std::optional<std::uint64_t> seconds = util::parse_decimal(text);
    if (!seconds || *seconds > std::uint64_t{1} << 40) {
        return bad_line(text);
    }
    request.since = static_cast<std::int64_t>(*seconds);
    return {};
}

util::Result<> add_excluded(FetchRequest& request, std::string_view ref) {
    if (request.exclude_refs.size() == 100) {
        return util::fail(
            util::Code::TooLarge, "more than 100 deepen-not lines in a fetch request"
        );
    }
    request.exclude_refs.emplace_back(ref);
    return {};
}

struct Argument {
    std::string_view word; // with its blank
    util::Result<> (*apply)(FetchRequest&, std::string_view rest);
};

constexpr Argument kArguments[] = {
    {"want ",
     [](FetchRequest& r, std::string_view rest) { return add_oid(r.wants, rest.substr(0, 40)); }},
    {"have ", [](FetchRequest& r, std::string_view rest) { return add_oid(r.haves, rest); }},
    {"shallow ",
     [](FetchRequest& r, std::string_view rest) { return add_oid(r.client_shallow, rest); }},
    {"deepen ", &set_depth},
    {"deepen-since ", &set_since},
    {"deepen-not ", &add_excluded},
    {"filter ",
     [](FetchRequest& r, std::string_view rest) -> util::Result<> {
         r.filter = rest;
         return {};
     }},
};

// Single words: V2 arguments and V0 capabilities.
struct Flag {
    std::string_view word;
    bool FetchRequest::*member;
};

constexpr Flag kFlags[] = {
    {"done", &FetchRequest::is_done},
    {"thin-pack", &FetchRequest::thin},
    {"no-progress", &FetchRequest::no_progress},
    {"include-tag", &FetchRequest::include_tags},
    {"ofs-delta", &FetchRequest::ofs_delta},
    {"deepen-relative", &FetchRequest::is_depth_relative},
    {"wait-for-done", &FetchRequest::waits_for_done},
    {"no-done", &FetchRequest::no_done},
    {"side-band-64k", &FetchRequest::side_band},
};

bool set_flag(FetchRequest& request, std::string_view word) {
    for (const Flag& flag : kFlags) {
        if (word == flag.word) {
            request.*flag.member = true;
            return true;
        }
    }
    return false;
}

util::Result<> apply_line(FetchRequest& request, std::string_view line) {
    for (const Argument& argument : kArguments) {
        if (line.starts_with(argument.word)) {
            return argument.apply(request, line.substr(argument.word.size()));
        }
    }
    return set_flag(request, line) ? util::Result<>{} : bad_line(line);
}

// "want <oid> cap cap ..." on the first line of V0.
void read_capabilities_v0(FetchRequest& request, std::string_view line) {
    for (const std::string_view word : util::split(line, ' ')) {
        set_flag(request, word);
        if (word == "multi_ack" && request.acks == AckMode::Single) {
            request.acks = AckMode::Multi;
        } else if (word == "multi_ack_detailed") {
            request.acks = AckMode::Detailed;
        }
    }
}

} // namespace

util::Result<FetchRequest> read_fetch_v0(PacketReader& from) {
    FetchRequest request;
    bool in_haves = false;
    while (true) {
        RAILHUB_TRY(const Packet packet, from.next());
        if (packet.kind == PacketKind::Flush && !in_haves) {
            in_haves = true;
            continue;
        }
        // Stateless clients repeat what is common and end each round with a flush.
        if (packet.kind != PacketKind::Data) {
            return request;
        }
        const std::string_view line = packet.line();
        if (request.wants.empty() && line.starts_with("want ") && line.size() > 45) {
            read_capabilities_v0(request, line.substr(45));
        }
        RAILHUB_TRY(apply_line(request, line));
        if (request.is_done) {
            return request;
        }
    }
}

util::Result<CommandV2> read_command_v2(PacketReader& from) {
    CommandV2 command;
    while (true) {
        RAILHUB_TRY(const Packet packet, from.next());
        if (packet.kind != PacketKind::Data) {
            command.has_arguments = packet.kind == PacketKind::Delimiter;
            return command;
        }
        if (packet.line().starts_with("command=")) {
            command.name = packet.line().substr(8);
        } else if (packet.line().starts_with("object-format=") && packet.line() != "object-format=sha1") {
            return util::fail(util::Code::InvalidInput, "only the object format sha1 is served");
        }
    }
}

util::Result<FetchRequest> read_fetch_v2(PacketReader& from) {
    FetchRequest request;
    request.side_band = true;
    while (true) {
        RAILHUB_TRY(const Packet packet, from.next());
        if (packet.kind != PacketKind::Data) {
            return request;
        }
        RAILHUB_TRY(apply_line(request, packet.line()));
    }
}

util::Result<LsRefsRequest> read_ls_refs(PacketReader& from) {
    LsRefsRequest request;
    while (true) {
        RAILHUB_TRY(const Packet packet, from.next());
        if (packet.kind != PacketKind::Data) {
            return request;
        }
        const std::string_view line = packet.line();
        request.wants_peeled |= line == "peel";
        request.wants_symrefs |= line == "symrefs";
        request.wants_unborn |= line == "unborn";
        if (line.starts_with("ref-prefix ") && request.prefixes.size() < 10'000) {
            request.prefixes.emplace_back(line.substr(11));
        }
    }
}

} // namespace railhub::repo::wire
