// SPDX-License-Identifier: Apache-2.0
// pkt-line framing.
#include "core/repo/wire/pkt_line.h"

#include <array>

namespace railhub::repo::wire {

namespace {

std::array<char, 4> packet_length(std::size_t data_size) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t length = data_size + 4;
    return {
        digits[(length >> 12) & 15],
        digits[(length >> 8) & 15],
        digits[(length >> 4) & 15],
        digits[length & 15]};
}

// Fills `into`; how much came before the end of the stream.
util::Result<std::size_t> read_fully(util::Reader& from, std::span<std::uint8_t> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        RAILHUB_TRY(const std::size_t count, from.read(into.subspan(done)));
        if (count == 0) {
            break;
        }
        done += count;
    }
    return done;
}

util::Error cut_off() {
    return util::fail(util::Code::InvalidInput, "the git protocol stream ends inside a packet");
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

util::Result<std::size_t> parse_packet_length(std::string_view digits) {
    std::size_t length = 0;
    for (const char c : digits) {
        const int digit = hex_digit(c);
        if (digit < 0) {
            return util::fail(
                util::Code::InvalidInput, "a packet of the git protocol has no valid length"
            );
        }
        length = length * 16 + static_cast<std::size_t>(digit);
    }
    if (length == 3 || length > kMaxPacket) {
        return util::fail(
            util::Code::InvalidInput, "a packet of the git protocol has an impossible length"
        );
    }
    return length;
}

} // namespace

std::string_view Packet::line() const {
    std::string_view text = data;
    if (!text.empty() && text.back() == '\n') {
        text.remove_suffix(1);
    }
    return text;
}

util::Result<Packet> PacketReader::next() {
    std::array<std::uint8_t, 4> head{};
    RAILHUB_TRY(const std::size_t got, read_fully(from_, head));
    if (got == 0) {
        return Packet{};
    }
    if (got < head.size()) {
        return cut_off();
    }
    RAILHUB_TRY(const std::size_t length, parse_packet_length(util::as_text(head)));
    if (length < 4) {
        constexpr std::array kinds = {
            PacketKind::Flush, PacketKind::Delimiter, PacketKind::ResponseEnd};
        return Packet{kinds[length], {}};
    }
    Packet packet{PacketKind::Data, std::string(length - 4, '\0')};
    const std::span<std::uint8_t> room(
        reinterpret_cast<std::uint8_t*>(packet.data.data()), packet.data.size()
    );
    RAILHUB_TRY(const std::size_t filled, read_fully(from_, room));
    if (filled < room.size()) {
        return cut_off();
    }
    return packet;
}

util::Result<> PacketWriter::data(std::string_view data) {
    RAILHUB_ASSERT(data.size() <= kMaxPacketData);
    const auto length = packet_length(data.size());
    std::string framed(length.begin(), length.end());
    framed += data;
    return to_.write(util::as_bytes(framed));
}

util::Result<> PacketWriter::flush() {
    return to_.write(util::as_bytes("0000"));
}

util::Result<> PacketWriter::delimiter() {
    return to_.write(util::as_bytes("0001"));
}

util::Result<> PacketWriter::band(Band band, util::ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), kMaxPacketData - 1);
        const auto length = packet_length(count + 1);
        std::string framed(length.begin(), length.end());
        framed.reserve(framed.size() + 1 + count);
        framed += static_cast<char>(band);
        framed += util::as_text(bytes.first(count));
        RAILHUB_TRY(to_.write(util::as_bytes(framed)));
        bytes = bytes.subspan(count);
    }
    return {};
}

} // namespace railhub::repo::wire
