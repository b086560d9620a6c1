// SPDX-License-Identifier: Apache-2.0
// Cuts a window out of the line and measures it in terminal cells.
#include "core/report/excerpt.h"

#include "core/report/characters.h"

#include <algorithm>

namespace railhub::report {

namespace {

constexpr std::size_t kTabCells = 4;
constexpr std::size_t kCellsBefore = 40; // shown before the place, of a long line
constexpr std::string_view kCut = "...";

// Where the thing that begins at `start` ends: a quoted text with its quotes, else the word.
std::size_t end_of_thing(std::string_view line, std::size_t start) {
    if (start >= line.size()) {
        return start + 1;
    }
    const char first = line[start];
    if (first == '"' || first == '\'' || first == '`') {
        const std::size_t close = line.find(first, start + 1);
        return close == std::string_view::npos ? line.size() : close + 1;
    }
    const std::size_t end = line.find_first_of(" \t\r,;)]}>\"'`", start + 1);
    return end == std::string_view::npos ? line.size() : end;
}

// One character as it is drawn, with its width.
struct Drawn {
    std::string text;
    std::size_t cells = 1;
    std::size_t offset = 0; // in bytes, in the line
};

std::vector<Drawn> drawn_line(std::string_view line) {
    std::vector<Drawn> all;
    std::size_t offset = 0;
    while (offset < line.size()) {
        const Character next = next_character(line.substr(offset));
        if (next.code == U'\t') {
            all.push_back({std::string(kTabCells, ' '), kTabCells, offset});
        } else if (is_harmless(next)) {
            all.push_back(
                {std::string(line.substr(offset, next.bytes)), cells_of(next.code), offset}
            );
        } else {
            all.push_back({"?", 1, offset});
        }
        offset += next.bytes;
    }
    return all;
}

std::size_t cells_in(const std::vector<Drawn>& drawn, std::size_t from, std::size_t to) {
    std::size_t cells = 0;
    for (std::size_t i = from; i < to; ++i) {
        cells += drawn[i].cells;
    }
    return cells;
}

} // namespace

Excerpt excerpt_of(const std::string& line, std::uint32_t column) {
    const std::vector<Drawn> drawn = drawn_line(line);
    const std::size_t start = column == 0 ? 0 : std::min<std::size_t>(column - 1, line.size());
    const std::size_t end = end_of_thing(line, start);
    const auto index_at = [&drawn](std::size_t offset) {
        const auto found = std::find_if(drawn.begin(), drawn.end(), [offset](const Drawn& d) {
            return d.offset + 1 > offset;
        });
        return static_cast<std::size_t>(found - drawn.begin());
    };
    const std::size_t place = index_at(start);
    std::size_t first = 0;
    if (cells_in(drawn, 0, drawn.size()) > kMaxExcerptCells) {
        first = place;
        for (std::size_t cells = 0; first > 0 && cells < kCellsBefore; --first) {
            cells += drawn[first - 1].cells;
        }
    }
    Excerpt excerpt;
    excerpt.source = first > 0 ? std::string(kCut) : std::string();
    std::size_t cells = excerpt.source.size();
    std::size_t before = cells;
    std::size_t marked = 0;
    for (std::size_t i = first; i < drawn.size(); ++i) {
        if (cells + drawn[i].cells > kMaxExcerptCells) {
            excerpt.source += kCut;
            break;
        }
        excerpt.source += drawn[i].text;
        cells += drawn[i].cells;
        before += i < place ? drawn[i].cells : 0;
        marked += i >= place && drawn[i].offset < end ? drawn[i].cells : 0;
    }
    if (column > 0) {
        excerpt.carets =
            std::string(before, ' ') + std::string(std::max<std::size_t>(marked, 1), '^');
    }
    return excerpt;
}

const SourceLine* source_line(const Report& report, const Location& location) {
    const auto found =
        std::find_if(report.sources.begin(), report.sources.end(), [&](const SourceLine& line) {
            return line.line == location.line && line.path == location.path;
        });
    return location.line == 0 || found == report.sources.end() ? nullptr : &*found;
}

std::uint32_t code_point_column(const SourceLine* line, std::uint32_t column) {
    if (line == nullptr || column == 0) {
        return column;
    }
    std::string_view before = std::string_view(line->text).substr(0, column - 1);
    std::uint32_t count = 1;
    while (!before.empty()) {
        before.remove_prefix(next_character(before).bytes);
        ++count;
    }
    return count;
}

std::uint32_t code_point_end(const SourceLine& line, std::uint32_t column) {
    const std::size_t start = std::min<std::size_t>(column - 1, line.text.size());
    return code_point_column(&line, static_cast<std::uint32_t>(end_of_thing(line.text, start) + 1));
}

} // namespace railhub::report
