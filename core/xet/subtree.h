// SPDX-License-Identifier: Apache-2.0
// A run of chunks inside a file, aggregated as far as it can be without knowing what stands before
// and after it (xet specification, section 5.8). Whoever edits a file puts such runs together with
// the chunks that he changed and gets its new hash, without the list of all chunks.
#pragma once

#include "core/xet/hash.h"

namespace railhub::xet {

// Which ends of its file a run of chunks reaches.
struct Reach {
    bool to_start = false;
    bool to_end = false;
};

// Level 0 are chunks, each further one parents of the level below. What waits for its neighbours
// stays where it is: `left` before, `right` behind the groups that no neighbour can change.
struct Subtree {
    struct Level {
        std::vector<Leaf> left;
        std::vector<Leaf> right;
    };

    std::vector<Level> levels;
    Reach reach;

    [[nodiscard]] bool is_empty() const;
};

// Pure. A run that is a whole file ends as one element: the Merkle root.
Subtree make_subtree(std::span<const Leaf> chunks, Reach reach);

} // namespace railhub::xet
