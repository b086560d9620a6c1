// SPDX-License-Identifier: Apache-2.0
// BlobRef: a large file by content: SHA-256 and size in bytes.
#pragma once

#include "core/util/digest.h"

namespace railhub::types {

struct BlobRef {
    util::Sha256 sha256;
    std::uint64_t size = 0;

    auto operator<=>(const BlobRef&) const = default;
};

} // namespace railhub::types
