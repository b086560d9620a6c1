// SPDX-License-Identifier: Apache-2.0
// Which runs of a new file's chunks are in the store already.
#pragma once

#include "core/cas/detail/parts.h"

namespace railhub::cas::detail {

// Chunks [first, end) of the new file.
struct Stretch {
    std::size_t first = 0;
    std::size_t end = 0;
    SegmentPtr segment;           // where they are; null: nowhere
    std::uint32_t in_segment = 0; // index of the first one there

    [[nodiscard]] std::size_t count() const { return end - first; }
};

// The whole list as stretches, in order. Runs too short to be worth a term count as new.
util::Result<std::vector<Stretch>> find_duplicates(
    const util::Context& ctx, Parts& parts, db::Transaction& tx, std::span<const xet::Leaf> chunks
);

} // namespace railhub::cas::detail
