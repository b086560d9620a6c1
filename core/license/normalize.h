// SPDX-License-Identifier: Apache-2.0
// Text -> comparable words, after the matching guidelines of SPDX: case, white space, punctuation,
// numbering, comment leaders, markup, copyright lines and varietal spelling do not count. Every
// word knows the bytes it came from. Pure; any input, linear time; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

// Text on its way through the steps, with the place in the original of each of its bytes.
struct MarkedText {
    std::string text;
    std::vector<std::uint32_t> origin; // as long as text

    void append(char byte, std::uint32_t from) {
        text.push_back(byte);
        origin.push_back(from);
    }
};

// Bytes begin..end of the original.
struct ByteSpan {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

// The steps, in their order. `bytes` must be below 4 GiB.
// 1. Byte order marks, UTF-16, stray Latin-1, CRLF; quotes, dashes, blanks and ligatures to ASCII;
//    accents off; lower case.
MarkedText fold_characters(std::string_view bytes);
// 2. HTML tags by known names, all tags of XML, scripts and styles, entities, targets of Markdown
//    links, controls of RTF.
MarkedText strip_markup(MarkedText in);
// 3. Comment leaders that are words ("dnl", "rem"), commands of Texinfo; all other leaders are
//    punctuation and vanish anyway.
void blank_leaders(MarkedText& in);
// 4. Lines that state a copyright; prose about copyright stays. Returns what was blanked.
std::vector<ByteSpan> blank_copyright_lines(MarkedText& in);

struct Word {
    std::uint64_t hash = 0;  // of the spelling, letters that scanners mix up made equal
    std::uint32_t begin = 0; // bytes of the original
    std::uint32_t end = 0;
    std::uint32_t spelling = 0; // offset in NormalText::spellings
    std::uint32_t length = 0;
};

struct NormalText {
    std::vector<Word> words;
    std::string spellings;
    std::vector<std::uint32_t> line_starts; // offsets of the original; the first is 0
    std::vector<ByteSpan> statements;       // copyright lines that were left out, in order
    bool is_binary = false;                 // then there are no words
    bool is_cut = false;                    // the original was longer than the limit

    [[nodiscard]] std::string_view spelling(std::size_t word) const {
        return std::string_view(spellings).substr(words[word].spelling, words[word].length);
    }

    // 1 for the first line.
    [[nodiscard]] std::uint32_t line_of(std::uint32_t byte) const;
};

// Words past this many bytes are not looked at: no license text is that long.
inline constexpr std::size_t kMaxTextBytes = std::size_t{4} << 20;

// 5. Words: hyphens join, also over a line's end; numbering ("1.", "(a)", "iv)") and "all rights
//    reserved" are dropped; variant spellings become one.
NormalText normalize(std::string_view bytes);

// The hash that normalize() gives a word spelled like this (lower case, varietal spelling done).
std::uint64_t word_hash(std::string_view spelling);

} // namespace railhub::license
