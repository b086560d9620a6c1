// SPDX-License-Identifier: Apache-2.0
// A pack's structure in pieces of any size: never more than the limits, the same answer for every
// cut.
#include "core/repo/detail/pack_scan.h"

#include "tests/fuzz/fuzz.h"

namespace {

bool is_accepted(railhub::util::ByteView pack, std::size_t step) {
    railhub::repo::PackLimits limits;
    limits.max_object_bytes = limits.max_blob_bytes = 1U << 20U;
    railhub::repo::detail::PackScanner scanner(limits);
    while (!pack.empty()) {
        const auto piece = pack.first(step < pack.size() ? step : pack.size());
        if (!scanner.feed(piece).ok()) {
            return false;
        }
        pack = pack.subspan(piece.size());
    }
    return scanner.finish().ok();
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const railhub::util::ByteView pack(data, size);
    RAILHUB_ASSERT(is_accepted(pack, size + 1) == is_accepted(pack, 7));
    return 0;
}
