// SPDX-License-Identifier: Apache-2.0
// Git LFS pointer files: the one valid encoding, both ways (git-lfs docs/spec.md, version 1).
#pragma once

#include "core/types/blob_ref.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::types {

// A pointer is smaller than this; larger blobs need not be read to know that they are none.
inline constexpr std::size_t kMaxPointerSize = 1024;

// "version https://git-lfs.github.com/spec/v1\noid sha256:...\nsize N\n"
std::string encode_lfs_pointer(const BlobRef& blob);
// nullopt when the text is not a pointer. Extension lines (ext-N-...) are tolerated.
std::optional<BlobRef> parse_lfs_pointer(std::string_view text);

} // namespace railhub::types
