// SPDX-License-Identifier: Apache-2.0
#include "core/scan/embedded_python.h"

#include "core/scan/characters.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::scan {

namespace {

constexpr std::size_t kNoPlace = std::string_view::npos;

struct Piece {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool is_escaped = false; // quotes in it have a backslash before them
};

// Where a text that begins with the quote at `open` ends.
std::size_t closing_quote(std::string_view text, std::size_t open) {
    std::size_t at = open + 1;
    while (at < text.size() && text[at] != text[open]) {
        at += text[at] == '\\' && text[open] == '"' ? 2 : 1;
    }
    return std::min(at, text.size());
}

// What follows `-c`, or the lines behind `<<WORD`; nothing: an empty piece that ends the line.
Piece piece_behind(std::string_view text, std::size_t python) {
    const std::size_t line_end = std::min(text.find('\n', python), text.size());
    const std::string_view line = text.substr(python, line_end - python);
    if (const std::size_t flag = line.find(" -c "); flag != kNoPlace) {
        const std::size_t open = text.find_first_not_of(" \t", python + flag + 4);
        if (open < line_end && (text[open] == '"' || text[open] == '\'')) {
            return {open + 1, closing_quote(text, open), text[open] == '"'};
        }
    }
    if (const std::size_t mark = line.find("<<"); mark != kNoPlace) {
        const std::size_t first = line.find_first_not_of("<-~'\" ", mark);
        const std::string_view word =
            first == kNoPlace
                ? std::string_view()
                : line.substr(first, line.find_first_of("'\" \t\r;)|>", first) - first);
        std::size_t at = line_end;
        while (!word.empty() && at < text.size()) {
            const std::size_t begin = at + 1;
            at = std::min(text.find('\n', begin), text.size());
            if (util::trim(text.substr(std::min(begin, text.size()), at - std::min(begin, at))) ==
                word) {
                return {line_end + 1, std::max(begin, line_end + 1), false};
            }
        }
    }
    return {line_end, line_end, false};
}

} // namespace

std::string embedded_python(std::string_view script) {
    std::string out;
    for (std::size_t at = script.find("python"); at != kNoPlace; at = script.find("python", at)) {
        const std::size_t line = at == 0 ? 0 : script.rfind('\n', at - 1) + 1;
        const bool is_comment = util::trim(script.substr(line, at - line)).starts_with('#');
        const bool is_start = at == 0 || (!is_word(script[at - 1]) && script[at - 1] != '-');
        const Piece piece =
            is_start && !is_comment ? piece_behind(script, at) : Piece{at + 6, at + 6};
        if (piece.end > piece.begin) {
            if (out.empty()) {
                out.assign(script.size(), ' ');
                for (std::size_t i = 0; i < script.size(); ++i) {
                    out[i] = script[i] == '\n' ? '\n' : ' ';
                }
            }
            for (std::size_t i = piece.begin; i < piece.end; ++i) {
                const bool is_escape = piece.is_escaped && script[i] == '\\' && i + 1 < piece.end &&
                                       script[i + 1] == '"';
                out[i] = is_escape ? ' ' : script[i];
            }
        }
        at = std::max(piece.end, at + 6);
    }
    return out;
}

} // namespace railhub::scan
