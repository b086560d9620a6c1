// SPDX-License-Identifier: Apache-2.0
// Chunk lists of segments as they are kept in the database: 40 bytes a chunk.
#pragma once

#include "core/xet/xorb.h"

namespace railhub::cas {

// n times: hash 32, u32 serialized end, u32 uncompressed end; little-endian.
util::Bytes pack_chunks(std::span<const xet::XorbChunk> chunks);
// Corrupt when the length is no multiple of 40 or an end does not rise.
util::Result<std::vector<xet::XorbChunk>> unpack_chunks(util::ByteView packed);

} // namespace railhub::cas
