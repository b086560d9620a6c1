// SPDX-License-Identifier: Apache-2.0
// A loose blob made a recipe of what the store has already, and of xorbs with the rest.
#pragma once

#include "core/cas/detail/duplicates.h"

namespace railhub::cas::detail {

// Terms that give the blob's bytes, read back and compared with its SHA-256; nothing when it is not
// worth it, or when what is here turns out damaged (which is logged). New chunks are stored as
// xorbs that nobody refers to yet.
util::Result<std::optional<std::vector<RecipeTerm>>> compose(
    const util::Context& ctx,
    Parts& parts,
    const types::BlobRef& blob,
    std::span<const xet::Leaf> chunks
);

} // namespace railhub::cas::detail
