// SPDX-License-Identifier: Apache-2.0
// JavaScript and TypeScript source -> tokens (ECMA-262, chapter 12). A regular
// expression is told from a division by what stands before it. Never fails.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace railhub::scan {

enum class ScriptTokenKind : std::uint8_t { Name, Number, String, Template, Sign, End };

struct ScriptToken {
    ScriptTokenKind kind = ScriptTokenKind::End;
    bool is_on_new_line = false; // the first of its line
    std::uint32_t offset = 0;
    std::uint32_t length = 0; // with quotes
};

std::vector<ScriptToken>
lex_javascript(std::string_view source, std::size_t begin, std::size_t end);

// Behind the template whose back quote stands at `at`.
std::size_t template_end(std::string_view source, std::size_t at, std::size_t end);
// Behind the hole of a template whose "${" ends before `at`: where its closing
// brace stands.
std::size_t hole_end(std::string_view source, std::size_t at, std::size_t end);

} // namespace railhub::scan
