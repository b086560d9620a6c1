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

// Of values, by JSON pointer ("/model-index/0/name"); the empty pointer is the block itself. Values
// with a long pointer (over 256 bytes) and the inside of expanded aliases have no entry of their
// own.
using Positions = std::map<std::string, Position, std::less<>>;

// The entry of the value or of the nearest value around it; the zero position when there is none.
Position position_of(const Positions& positions, std::string_view pointer);

struct FrontMatter {
    util::Json data; // an object; null when there is no block or the block is empty
    Positions positions;
    std::size_t body_offset = 0; // first byte after the closing fence
};

struct FrontMatterLimits {
    std::size_t max_bytes = std::size_t{1} << 20; // of the block
    std::size_t max_depth = 32;
    std::size_t max_values = 50'000; // after aliases are expanded
    std::size_t max_text = std::size_t{4}
                           << 20; // bytes of keys and scalars, after aliases are expanded
    std::size_t max_key = 1024;
};

// Rules: the block opens with "---" on the first line (a BOM may precede) and ends at the next line
// that is "---". Scalars resolve as in the YAML 1.2 core schema: `no` is a string, dates are
// strings. Keys must be scalars and unique within their mapping. InvalidInput names line and
// column; TooLarge when a limit is passed. A README without block is fine: data is null,
// body_offset 0.
util::Result<FrontMatter>
parse_front_matter(std::string_view readme, const FrontMatterLimits& limits = {});

// A YAML file by the same rules: its first document, of any kind.
util::Result<util::Json> parse_yaml(std::string_view text, const FrontMatterLimits& limits = {});

} // namespace railhub::card
