// SPDX-License-Identifier: Apache-2.0
// Ranges of code points; the wide ones are the blocks that terminals draw over two cells.
#include "core/report/characters.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::report {

namespace {

struct CodeRange {
    char32_t first;
    char32_t last;
};

constexpr std::array kHarmful = {
    CodeRange{0x00, 0x1F},
    CodeRange{0x7F, 0x9F},
    CodeRange{0x200B, 0x200F},
    CodeRange{0x2028, 0x202E},
    CodeRange{0x2060, 0x206F},
    CodeRange{0xFEFF, 0xFEFF},
    CodeRange{0xE0000, 0xE007F},
};

constexpr std::array kNoCell = {
    CodeRange{0x300, 0x36F},
    CodeRange{0x1AB0, 0x1AFF},
    CodeRange{0x20D0, 0x20FF},
    CodeRange{0xFE00, 0xFE0F},
    CodeRange{0xFE20, 0xFE2F},
};

constexpr std::array kTwoCells = {
    CodeRange{0x1100, 0x115F},
    CodeRange{0x2E80, 0xA4CF},
    CodeRange{0xAC00, 0xD7A3},
    CodeRange{0xF900, 0xFAFF},
    CodeRange{0xFE30, 0xFE6F},
    CodeRange{0xFF00, 0xFF60},
    CodeRange{0xFFE0, 0xFFE6},
    CodeRange{0x1F300, 0x1F64F},
    CodeRange{0x1F680, 0x1F6FF},
    CodeRange{0x1F900, 0x1FAFF},
    CodeRange{0x20000, 0x3FFFD},
};

template <std::size_t N>
bool is_in(const std::array<CodeRange, N>& ranges, char32_t code) {
    return std::any_of(ranges.begin(), ranges.end(), [code](const CodeRange& range) {
        return code >= range.first && code <= range.last;
    });
}

std::size_t length_by_first_byte(unsigned char byte) {
    if (byte < 0x80) {
        return 1;
    }
    if (byte < 0xE0) {
        return 2;
    }
    return byte < 0xF0 ? 3 : 4;
}

} // namespace

Character next_character(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = length_by_first_byte(first);
    if (length > text.size() || !util::is_valid_utf8(text.substr(0, length))) {
        return {first, 1, false};
    }
    if (length == 1) {
        return {first, 1, true};
    }
    char32_t code = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {code, length, true};
}

bool is_harmless(const Character& character) {
    return character.is_valid && !is_in(kHarmful, character.code);
}

std::size_t cells_of(char32_t code) {
    if (is_in(kNoCell, code)) {
        return 0;
    }
    return is_in(kTwoCells, code) ? 2 : 1;
}

} // namespace railhub::report
