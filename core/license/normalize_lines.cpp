// SPDX-License-Identifier: Apache-2.0
// Steps 3 and 4: what is decided by line: worded comment leaders and copyright statements.
#include "core/license/normalize.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr std::array<std::string_view, 3> kWordLeaders = {"dnl", "rem", "@rem"};

// After "copyright" these begin prose, not a statement.
constexpr std::array<std::string_view, 34> kProse = {
    "notice",       "notices",   "owner",  "owners",    "holder",     "holders",    "license",
    "licence",      "law",       "laws",   "statement", "statements", "interest",   "interests",
    "right",        "rights",    "in",     "and",       "or",         "protection", "act",
    "is",           "as",        "to",     "of",        "for",        "disclaimer", "information",
    "infringement", "protected", "legend", "on",        "treaty",     "claims"};

constexpr std::size_t kMaxStatementBytes = 200;
constexpr std::size_t kLeastStatementBytes = 14;

using Line = std::string_view;

bool is_letter(char ch) {
    return (ch >= 'a' && ch <= 'z') || static_cast<unsigned char>(ch) >= 0x80;
}

bool is_digit(char ch) {
    return ch >= '0' && ch <= '9';
}

Line without_leader(Line line) {
    const auto starts = [](char ch) {
        return is_letter(ch) || is_digit(ch) || ch == '(' || ch == '<';
    };
    const auto* begin = std::find_if(line.begin(), line.end(), starts);
    return line.substr(static_cast<std::size_t>(begin - line.begin()));
}

Line first_word(Line line) {
    const auto* end = std::find_if_not(line.begin(), line.end(), is_letter);
    return line.substr(0, static_cast<std::size_t>(end - line.begin()));
}

bool is_year(Line text) {
    return text.size() >= 4 && (text.starts_with("19") || text.starts_with("20")) &&
           is_digit(text[2]) && is_digit(text[3]) && (text.size() == 4 || !is_digit(text[4]));
}

bool has_year(Line line) {
    for (std::size_t i = 0; i + 4 <= line.size(); ++i) {
        if (is_year(line.substr(i)) && (i == 0 || !is_digit(line[i - 1]))) {
            return true;
        }
    }
    return false;
}

// "copyright", "(c)" and blanks at the front; how many of the two words were there.
std::size_t skip_marks(Line& line) {
    std::size_t marks = 0;
    while (!line.empty()) {
        const std::size_t before = line.size();
        for (const std::string_view mark : {"portions copyright", "copyright", "copr.", "(c)"}) {
            if (line.starts_with(mark) &&
                (mark == "(c)" || line.size() == mark.size() || !is_letter(line[mark.size()]))) {
                line.remove_prefix(mark.size());
                ++marks;
                break;
            }
        }
        while (!line.empty() && std::string_view(" \t:*_").find(line.front()) != Line::npos) {
            line.remove_prefix(1);
        }
        if (line.size() == before) {
            break;
        }
    }
    return marks;
}

bool states_copyright(Line line) {
    Line rest = without_leader(line);
    const std::size_t marks = skip_marks(rest);
    if (marks == 0 || rest.empty()) {
        return false;
    }
    if (marks > 1 || is_year(rest) || rest.front() == '<' || rest.front() == '[' ||
        rest.front() == '{') {
        return true;
    }
    const Line word = first_word(rest);
    if (std::find(kProse.begin(), kProse.end(), word) != kProse.end()) {
        return false;
    }
    return has_year(rest) || word == "by" || word == "yyyy" || word == "year";
}

// A line that goes on from a statement: more years or the holders.
bool continues_statement(Line line) {
    const Line rest = without_leader(line);
    return is_year(rest) || rest.starts_with("and contributors");
}

// What may follow a statement on the same line: text that was wrapped anew.
constexpr std::array<std::string_view, 14> kAfterStatement = {
    "permission",
    "redistribution",
    "this ",
    "these ",
    "all rights reserved",
    "you ",
    "everyone ",
    "anyone ",
    "licensed",
    "use of ",
    "may ",
    "distributed",
    "released",
    "the author"};

std::size_t statement_end(Line line) {
    std::size_t end = std::string_view::npos;
    for (const std::string_view next : kAfterStatement) {
        const std::size_t at = line.find(next, kLeastStatementBytes);
        end = at != Line::npos && line[at - 1] == ' ' ? std::min(end, at) : end;
    }
    if (end == std::string_view::npos && line.size() > kMaxStatementBytes) {
        end = std::min(line.find(". ", kLeastStatementBytes), kMaxStatementBytes);
    }
    return std::min(end, line.size());
}

void blank(MarkedText& in, std::size_t begin, std::size_t length) {
    std::fill_n(in.text.begin() + static_cast<std::ptrdiff_t>(begin), length, ' ');
}

// Calls fn(line, offset) for each line.
template <class Fn>
void for_each_line(const std::string& text, Fn fn) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        fn(Line(text).substr(begin, end - begin), begin);
        begin = end + 1;
    }
}

// Commands of Texinfo at the start of a line; of the first the rest of the line is none of the
// text.
constexpr std::array<std::string_view, 12> kTexinfoLines = {
    "end",
    "itemize",
    "enumerate",
    "node",
    "cindex",
    "sp",
    "page",
    "ifset",
    "ifclear",
    "table",
    "vskip",
    "need"};
constexpr std::array<std::string_view, 26> kTexinfoCommands = {
    "c",          "comment",       "item",     "itemx",        "center",    "section",
    "subsection", "unnumbered",    "appendix", "appendixsec",  "chapter",   "heading",
    "subheading", "display",       "example",  "smalldisplay", "iftex",     "ifinfo",
    "noindent",   "unnumberedsec", "group",    "quotation",    "titlepage", "copying",
    "ifnottex",   "appendixsubsec"};

template <std::size_t N>
bool has_word(const std::array<std::string_view, N>& words, Line word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// "@item", "@c ", "@end enumerate"
void blank_texinfo_line(MarkedText& in, Line line, std::size_t begin) {
    if (!line.starts_with('@')) {
        return;
    }
    const Line word = first_word(line.substr(1));
    if (has_word(kTexinfoLines, word)) {
        blank(in, begin, line.size());
    } else if (has_word(kTexinfoCommands, word)) {
        blank(in, begin, word.size() + 1);
    }
}

// "@dfn{free}"
void blank_texinfo_marks(MarkedText& in) {
    for (std::size_t at = in.text.find('@'); at != std::string::npos;
         at = in.text.find('@', at + 1)) {
        const std::size_t size = first_word(Line(in.text).substr(at + 1)).size();
        if (size > 0 && at + 1 + size < in.text.size() && in.text[at + 1 + size] == '{') {
            blank(in, at, size + 2);
        }
    }
}

bool leads(Line line, std::string_view leader) {
    return line.starts_with(leader) && (line.size() == leader.size() ||
                                        line[leader.size()] == ' ' || line[leader.size()] == '\t');
}

} // namespace

void blank_leaders(MarkedText& in) {
    blank_texinfo_marks(in);
    for_each_line(in.text, [&](Line line, std::size_t begin) {
        blank_texinfo_line(in, line, begin);
        for (const std::string_view leader : kWordLeaders) {
            const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
            if (leads(line.substr(start), leader)) {
                blank(in, begin + start, leader.size());
            }
        }
    });
}

std::vector<ByteSpan> blank_copyright_lines(MarkedText& in) {
    std::vector<ByteSpan> blanked;
    bool in_statement = false;
    for_each_line(in.text, [&](Line line, std::size_t begin) {
        const bool states = states_copyright(line) || (in_statement && continues_statement(line));
        in_statement = states;
        if (const std::size_t length = states ? statement_end(line) : 0; length > 0) {
            blanked.push_back({in.origin[begin], in.origin[begin + length - 1] + 1});
            blank(in, begin, length);
        }
    });
    return blanked;
}

} // namespace railhub::license
