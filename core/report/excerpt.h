// SPDX-License-Identifier: Apache-2.0
// A line of a file with carets under the place that is meant.
#pragma once

#include "core/report/report.h"

#include <string>

namespace railhub::report {

// Lines longer than this many cells are shown around the place.
constexpr std::size_t kMaxExcerptCells = 100;

struct Excerpt {
    std::string source; // printable, tabs as blanks, perhaps "..." at either end
    std::string carets; // blanks and carets, as wide as `source` at most; empty without a column
};

// `column` in bytes from 1, 0 = none; one past the end points behind the line.
Excerpt excerpt_of(const std::string& line, std::uint32_t column);

// The line that a location points at, or nullptr.
const SourceLine* source_line(const Report& report, const Location& location);

// The column in code points from 1, as code hosts count; `column` itself when the line is unknown.
std::uint32_t code_point_column(const SourceLine* line, std::uint32_t column);

// Where the thing at `column` ends (its last character plus one), counted in the same way.
std::uint32_t code_point_end(const SourceLine& line, std::uint32_t column);

} // namespace railhub::report
