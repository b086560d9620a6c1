// SPDX-License-Identifier: Apache-2.0
// Any bytes as a xorb, fed in two pieces.
#include "core/xet/xorb.h"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const railhub::util::ByteView bytes(data, size);
    railhub::xet::XorbVerifier verifier;
    const std::size_t cut = size / 3;
    if (verifier.update(bytes.first(cut)).ok() && verifier.update(bytes.subspan(cut)).ok()) {
        const auto layout = verifier.finish();
        RAILHUB_ASSERT(!layout.ok() || layout->body_size() <= size);
    }
    return 0;
}
