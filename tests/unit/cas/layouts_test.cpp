// SPDX-License-Identifier: Apache-2.0
// Chunk lists as they are kept.
#include "core/cas/layouts.h"
#include "tests/support/value.h"

namespace cas = railhub::cas;
namespace util = railhub::util;
namespace xet = railhub::xet;

TEST_CASE("cas: a chunk list comes back as it was packed") {
    std::vector<xet::XorbChunk> chunks(3);
    for (std::uint32_t i = 0; i < 3; ++i) {
        chunks[i].hash.bytes.fill(static_cast<std::uint8_t>(i + 1));
        chunks[i].serialized_end = (i + 1) * 1008;
        chunks[i].uncompressed_end = (i + 1) * 70'000;
    }
    const util::Bytes packed = cas::pack_chunks(chunks);
    CHECK(packed.size() == 120);
    CHECK(railhub::tests::value(cas::unpack_chunks(packed)) == chunks);
    CHECK(railhub::tests::value(cas::unpack_chunks({})).empty());
}

TEST_CASE("cas: a damaged chunk list is refused") {
    std::vector<xet::XorbChunk> chunks(2);
    chunks[0] = {{}, 100, 100};
    chunks[1] = {{}, 200, 100};
    REQUIRE_ERROR(cas::unpack_chunks(cas::pack_chunks(chunks)), util::Code::Corrupt);
    chunks[1] = {{}, 104, 200};
    REQUIRE_ERROR(cas::unpack_chunks(cas::pack_chunks(chunks)), util::Code::Corrupt);
    util::Bytes cut = cas::pack_chunks(chunks);
    cut.pop_back();
    REQUIRE_ERROR(cas::unpack_chunks(cut), util::Code::Corrupt);
}
