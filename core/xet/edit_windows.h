// SPDX-License-Identifier: Apache-2.0
// Which parts of a file must be cut anew after an edit, and what stays between them (xet
// specification, section 5.8).
#pragma once

#include "core/xet/subtree.h"

namespace railhub::xet {

// Bytes [begin, end) of a file.
struct ByteSpan {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    bool operator==(const ByteSpan&) const = default;
};

// Windows end on chunk borders at which the cutting falls into step again; windows that meet are
// one. `gaps` has one element more: what stands before, between and behind them.
struct EditWindows {
    std::vector<ByteSpan> windows;
    std::vector<Subtree> gaps;
};

// `dirty` in order, disjoint, not empty, inside the file. Pure.
EditWindows find_edit_windows(std::span<const Leaf> chunks, std::span<const ByteSpan> dirty);

} // namespace railhub::xet
