// SPDX-License-Identifier: Apache-2.0
// Classes of bytes the lexers share. ASCII, and every byte past it may be part
// of a word.
#pragma once

namespace railhub::scan {

constexpr bool is_digit(char ch) {
    return ch >= '0' && ch <= '9';
}

constexpr bool is_letter(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

constexpr bool is_word_start(char ch) {
    return is_letter(ch) || ch == '_' || static_cast<unsigned char>(ch) >= 0x80;
}

constexpr bool is_word(char ch) {
    return is_word_start(ch) || is_digit(ch);
}

} // namespace railhub::scan
