// SPDX-License-Identifier: Apache-2.0
// What is alike at both ends is left out: one passage, from the first changed line to the last.
#include "core/lock/text_change.h"

#include "core/util/text.h"

#include <algorithm>
#include <span>
#include <vector>

namespace railhub::lock {

namespace {

constexpr std::size_t kShownLines = 2;   // of each side
constexpr std::size_t kShownBytes = 100; // of a line

using TextLines = std::vector<std::string_view>;

TextLines lines_of(std::string_view text) {
    TextLines lines = util::split(text, '\n');
    std::transform(lines.begin(), lines.end(), lines.begin(), [](std::string_view line) {
        return util::trim(line);
    });
    return lines;
}

// Cut where a character begins.
std::string_view start_of(std::string_view line) {
    std::size_t end = std::min(line.size(), kShownBytes);
    while (end < line.size() && end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U
    ) {
        --end;
    }
    return line.substr(0, end);
}

std::string side(std::string_view sign, std::span<const std::string_view> lines) {
    std::string out;
    std::size_t shown = 0;
    for (const std::string_view line : lines) {
        if (shown == kShownLines) {
            break;
        }
        if (!line.empty()) {
            out.append(" ").append(sign).append(" '").append(start_of(line));
            out += line.size() > kShownBytes ? "...'" : "'";
            ++shown;
        }
    }
    const auto full = std::count_if(lines.begin(), lines.end(), [](std::string_view line) {
        return !line.empty();
    });
    const std::size_t more = static_cast<std::size_t>(full) - shown;
    if (more > 0) {
        out += " and " + std::to_string(more) + (more == 1 ? " more line" : " more lines");
    }
    return out;
}

} // namespace

std::string describe_text_change(std::string_view before, std::string_view after) {
    const TextLines old_lines = lines_of(before);
    const TextLines new_lines = lines_of(after);
    const std::size_t least = std::min(old_lines.size(), new_lines.size());
    std::size_t first = 0;
    while (first < least && old_lines[first] == new_lines[first]) {
        ++first;
    }
    std::size_t last = 0;
    while (last < least - first &&
           old_lines[old_lines.size() - 1 - last] == new_lines[new_lines.size() - 1 - last]) {
        ++last;
    }
    const auto gone = std::span(old_lines).subspan(first, old_lines.size() - last - first);
    const auto come = std::span(new_lines).subspan(first, new_lines.size() - last - first);
    const std::string sides = side("-", gone) + side("+", come);
    return sides.empty() ? sides : "line " + std::to_string(first + 1) + ":" + sides;
}

} // namespace railhub::lock
