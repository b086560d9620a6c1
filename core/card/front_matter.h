// SPDX-License-Identifier: Apache-2.0
// The YAML block at the head of a README.md, as JSON with positions. The only includer of yaml-cpp.
#pragma once

#include "core/util/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace railhub::card {

// Line and column in the README, both from 1; 0 when unknown.
struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    bool operator==(const Position&) const = default;
};

// By JSON pointer ("/model-index/0/name"); the empty pointer is the block itself.
using Positions = std::map<std::string, Position, std::less<>>;

struct FrontMatter {
    util::Json data;     // an object; null when there is no block or the block is empty
    Positions positions; // of values; a key's own position is one entry under "<pointer>#key"
    std::size_t body_offset = 0; // first byte after the closing fence
};

struct FrontMatterLimits {
    std::size_t max_bytes = std::size_t{1} << 20; // of the block
    std::size_t max_depth = 32;
    std::size_t max_values = 50'000; // after aliases are expanded
};

// Rules: the block opens with "---" on the first line (a BOM may precede) and ends at the next line
// that is "---". Scalars resolve as in the YAML 1.2 core schema: `no` is a string, dates are
// strings. Keys must be scalars and unique within their mapping. InvalidInput names line and
// column; TooLarge when a limit is passed. A README without block is fine: data is null,
// body_offset 0.
util::Result<FrontMatter>
parse_front_matter(std::string_view readme, const FrontMatterLimits& limits = {});

} // namespace railhub::card
