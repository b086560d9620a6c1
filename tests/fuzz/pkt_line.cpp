// SPDX-License-Identifier: Apache-2.0
// Any bytes as a git request: framing, fetch arguments of both versions, push commands.
#include "core/repo/wire/fetch_request.h"
#include "core/repo/wire/receive_pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace util = railhub::util;
    namespace wire = railhub::repo::wire;
    const auto run = [&](auto read) {
        util::MemoryReader reader(util::ByteView(data, size));
        wire::PacketReader packets(reader);
        static_cast<void>(read(packets).ok());
    };
    run(wire::read_fetch_v0);
    run(wire::read_command_v2);
    run(wire::read_fetch_v2);
    run(wire::read_ls_refs);
    run(wire::read_receive_request);
    return 0;
}
