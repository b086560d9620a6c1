// SPDX-License-Identifier: Apache-2.0
// Any bytes as a shard; what parses is written and read again unchanged.
#include "core/xet/shard.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(railhub::xet::parse_dedup_footer(railhub::util::ByteView(data, size)).ok());
    const auto shard = railhub::xet::parse_shard(railhub::util::ByteView(data, size));
    if (shard.ok()) {
        const auto again = railhub::xet::parse_shard(railhub::xet::write_shard(*shard));
        RAILHUB_ASSERT(again.ok() && again->xorbs.size() == shard->xorbs.size());
    }
    return 0;
}
