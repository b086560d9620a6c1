// SPDX-License-Identifier: Apache-2.0
// LFS pointers: one valid encoding. Without extension lines, what parses prints as the same bytes.
#include "core/types/lfs_pointer.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    const auto blob = railhub::types::parse_lfs_pointer(text);
    if (!blob) {
        return 0;
    }
    const std::string printed = railhub::types::encode_lfs_pointer(*blob);
    RAILHUB_ASSERT(text.size() < railhub::types::kMaxPointerSize);
    RAILHUB_ASSERT(text.find("\next-") != std::string_view::npos || text == printed);
    RAILHUB_ASSERT(railhub::types::parse_lfs_pointer(printed) == blob);
    return 0;
}
