// SPDX-License-Identifier: Apache-2.0
// BlockWriter::write in terms of the lent block.
#include "core/storage/block_writer.h"

#include <algorithm>
#include <cstring>

namespace railhub::storage {

util::Result<> BlockWriter::write(util::ByteView bytes) {
    while (!bytes.empty()) {
        RAILHUB_TRY(const auto into, buffer());
        const std::size_t count = std::min(into.size(), bytes.size());
        std::memcpy(into.data(), bytes.data(), count);
        RAILHUB_TRY(advance(count));
        bytes = bytes.subspan(count);
    }
    return {};
}

} // namespace railhub::storage
