// SPDX-License-Identifier: Apache-2.0
// pkt-line framing of the git protocol (gitprotocol-common): four hex digits of length, then data.
#pragma once

#include "core/util/io.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace railhub::repo::wire {

inline constexpr std::size_t kMaxPacket = 65520; // with the four length digits
inline constexpr std::size_t kMaxPacketData = kMaxPacket - 4;

enum class PacketKind : std::uint8_t { Data, Flush, Delimiter, ResponseEnd, End };

// End: the stream ended at a packet border.
struct Packet {
    PacketKind kind = PacketKind::End;
    std::string data; // as sent, with its newline if any

    // Without one trailing newline.
    [[nodiscard]] std::string_view line() const;
};

// One thread at a time. The reader is borrowed; what follows the last packet read (a pack) is left
// in it untouched.
class PacketReader {
  public:
    explicit PacketReader(util::Reader& from) : from_(from) {}

    // InvalidInput on a bad length or a stream that ends inside a packet.
    util::Result<Packet> next();

  private:
    util::Reader& from_;
};

enum class Band : std::uint8_t { Pack = 1, Progress = 2, Fatal = 3 };

// One thread at a time. The writer is borrowed.
class PacketWriter {
  public:
    explicit PacketWriter(util::Writer& to) : to_(to) {}

    // Precondition: data fits one packet (our own lines always do).
    util::Result<> data(std::string_view data);
    util::Result<> flush();
    util::Result<> delimiter();
    // Cut into as many packets as needed (side-band-64k).
    util::Result<> band(Band band, util::ByteView bytes);

  private:
    util::Writer& to_;
};

// A Writer whose bytes travel on one side band.
class BandWriter final : public util::Writer {
  public:
    BandWriter(PacketWriter& packets, Band band) : packets_(packets), band_(band) {}

    util::Result<> write(util::ByteView bytes) override { return packets_.band(band_, bytes); }

  private:
    PacketWriter& packets_;
    Band band_;
};

} // namespace railhub::repo::wire
