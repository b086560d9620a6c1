// SPDX-License-Identifier: Apache-2.0
// Lexer for languages that are read without a grammar of their own (Rust, Go, Java, C#, C++, Ruby
// and the like): words, texts and signs, without comments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::scan {

enum class CodeFamily : std::uint8_t {
    Braces, // comments // and /* */
    Hashes, // comments #, as in Ruby, R, Elixir and HCL (where // too)
    Dashes, // comments --, as in Lua
    Rust,   // as Braces; 'a is a lifetime, r#"..."# a text
};

enum class CodeTokenKind : std::uint8_t { Word, Text, Sign };

struct CodeToken {
    CodeTokenKind kind = CodeTokenKind::Sign;
    std::size_t offset = 0;      // of the text's first byte, behind its quote
    std::string_view text;       // as it stands; a text without its quotes, escapes kept
    std::size_t partner = 0;     // of a bracket: its counterpart's place, or its own
    std::size_t parent = kNoOne; // the bracket it stands in

    static constexpr std::size_t kNoOne = ~std::size_t{0};
};

// The tokens look into `text`. Never fails: what is not understood is a sign. At most
// kMaxCodeTokens.
std::vector<CodeToken> lex_code(std::string_view text, CodeFamily family);

constexpr std::size_t kMaxCodeTokens = 2'000'000;

// The family a file's ending stands for.
CodeFamily code_family_of(std::string_view path);

} // namespace railhub::scan
