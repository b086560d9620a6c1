// SPDX-License-Identifier: Apache-2.0
// Which groups of a level are certain: those between two places where a group ends whatever its
// neighbours are. Three cuts in a row, each within the reach of one group from the other, make the
// middle one such a place.
#include "core/xet/subtree.h"

#include "core/xet/detail/merkle.h"

#include <algorithm>

namespace railhub::xet {

namespace {

bool is_within_reach(std::size_t from, std::size_t to) {
    return to - from >= detail::kShortestGroup && to - from < detail::kLongestGroup - 1;
}

std::vector<std::size_t> cuts_of(std::span<const Leaf> elements) {
    std::vector<std::size_t> cuts;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (detail::is_cut(elements[i])) {
            cuts.push_back(i);
        }
    }
    return cuts;
}

bool is_certain(std::span<const std::size_t> cuts, std::size_t middle) {
    return is_within_reach(cuts[middle - 1], cuts[middle]) &&
           is_within_reach(cuts[middle], cuts[middle + 1]);
}

// First index from which groups are certain whatever stands before; the size when there is none.
std::size_t first_certain(std::span<const Leaf> elements) {
    const auto cuts = cuts_of(elements);
    for (std::size_t i = 1; i + 1 < cuts.size(); ++i) {
        if (is_certain(cuts, i)) {
            return cuts[i] + 1;
        }
    }
    return elements.size();
}

// Index up to which groups are certain whatever comes behind; 0 when there is none.
std::size_t last_certain(std::span<const Leaf> elements) {
    const auto cuts = cuts_of(elements);
    for (std::size_t i = cuts.size(); i-- > 1;) {
        if (i + 1 < cuts.size() && is_certain(cuts, i)) {
            return cuts[i] + 1;
        }
    }
    return 0;
}

// Takes the certain groups out of a level; returns their parents.
std::vector<Leaf> promote(std::span<const Leaf> elements, Reach reach, Subtree::Level& rest) {
    std::vector<Leaf> parents;
    const std::size_t begin = reach.to_start ? 0 : first_certain(elements);
    const auto behind = elements.subspan(begin);
    const std::size_t end = begin + (reach.to_end ? behind.size() : last_certain(behind));
    if (elements.size() <= 1 || begin >= end) {
        rest.left.assign(elements.begin(), elements.end());
        return parents;
    }
    rest.left.assign(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(begin));
    rest.right.assign(elements.begin() + static_cast<std::ptrdiff_t>(end), elements.end());
    std::size_t first = begin;
    for (std::size_t i = begin; i < end; ++i) {
        const auto group = elements.subspan(first, i + 1 - first);
        if (detail::ends_group(group) || i + 1 == end) {
            parents.push_back(detail::parent_of(group));
            first = i + 1;
        }
    }
    return parents;
}

} // namespace

bool Subtree::is_empty() const {
    return std::all_of(levels.begin(), levels.end(), [](const Level& level) {
        return level.left.empty() && level.right.empty();
    });
}

Subtree make_subtree(std::span<const Leaf> chunks, Reach reach) {
    Subtree tree;
    tree.reach = reach;
    Reach open = reach; // as long as nothing is left over below
    std::vector<Leaf> elements(chunks.begin(), chunks.end());
    do {
        Subtree::Level& level = tree.levels.emplace_back();
        elements = promote(elements, open, level);
        open.to_start = open.to_start && level.left.empty();
        open.to_end = open.to_end && level.right.empty();
    } while (elements.size() > 1);
    if (!elements.empty()) {
        tree.levels.emplace_back().left = std::move(elements);
    }
    return tree;
}

} // namespace railhub::xet
