// SPDX-License-Identifier: Apache-2.0
// The Range header and the conditions that decide whether it counts (RFC 9110 sections 13 and 14).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace railhub::http {

// What to send of a body of `size` bytes.
struct RangeChoice {
    enum class Kind : std::uint8_t { Whole, Part, Unsatisfiable };
    Kind kind = Kind::Whole;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// A header that is malformed, in another unit or asks for several ranges is ignored (Whole). Pure.
RangeChoice choose_range(std::string_view header, std::uint64_t size);

// If-Range: does the range still count? `if_range` is an entity tag (strong comparison) or a date
// (must equal Last-Modified).
bool range_still_valid(
    std::string_view if_range, std::string_view etag, std::string_view last_modified
);

// If-None-Match: is `etag` in the list (weak comparison, "*" matches any)?
bool etag_in_list(std::string_view list, std::string_view etag);

} // namespace railhub::http
