// SPDX-License-Identifier: Apache-2.0
// Python source -> tokens, with indentation and logical lines (the Python
// language reference, chapter 2). Never fails: a byte that fits nowhere is a
// token of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

enum class TokenKind : std::uint8_t {
    Name,
    Number,
    String,
    Operator,
    Newline,
    Indent,
    Dedent,
    End
};

struct Token {
    TokenKind kind = TokenKind::End;
    bool is_raw = false;      // strings: r"..."
    bool is_format = false;   // strings: f"..." and, in JavaScript, templates
    bool is_bytes = false;    // strings: b"..."
    std::uint32_t offset = 0; // of the token
    std::uint32_t length = 0; // of the token
    std::uint32_t inner = 0;  // strings: offset of what is between the quotes
    std::uint32_t inner_length = 0;
};

std::vector<Token> lex_python(std::string_view source);
// A piece of a line, e.g. an expression inside an f-string; offsets count from
// `source`.
std::vector<Token> lex_python_piece(std::string_view source, std::size_t begin, std::size_t end);

// The value of a literal's inside, escapes resolved. Names (\N{...}) stay as
// they are.
std::string decode_python(std::string_view inner);

} // namespace railhub::scan
