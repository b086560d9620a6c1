// SPDX-License-Identifier: Apache-2.0
// Characters of foreign text: decoded from UTF-8 one by one, judged, and measured in terminal
// cells.
#pragma once

#include <cstddef>
#include <string_view>

namespace railhub::report {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
    bool is_valid = true; // false: one stray byte, and `code` is that byte
};

// Precondition: `text` is not empty.
Character next_character(std::string_view text);

// No control character, none that turns the direction of writing or hides itself, no stray byte.
bool is_harmless(const Character& character);

// Cells on a terminal: 0 for what stands above the character before, 2 for wide ones.
std::size_t cells_of(char32_t code);

} // namespace railhub::report
