// SPDX-License-Identifier: Apache-2.0
// The steps of Merkle aggregation (xet specification, section 2.3), for those who aggregate whole
// files and for those who aggregate parts of them.
#pragma once

#include "core/xet/hash.h"

#include <span>

namespace railhub::xet::detail {

inline constexpr std::size_t kLongestGroup = 9;
inline constexpr std::size_t kShortestGroup = 3;

// May a group that is long enough end with this element?
bool is_cut(const Leaf& element);
// Does a group end with its last element? Short groups occur at the end of a level alone.
bool ends_group(std::span<const Leaf> group);
// The element of the next level.
Leaf parent_of(std::span<const Leaf> children);

} // namespace railhub::xet::detail
