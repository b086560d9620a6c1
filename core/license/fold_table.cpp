// SPDX-License-Identifier: Apache-2.0
// Typography, accents and case, by code point.
#include "core/license/fold_table.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

struct FoldRow {
    char32_t first;
    char32_t last;
    std::string_view as;
};

// The first row that fits counts; what no row names stays.
constexpr std::array kFoldRows = {
    FoldRow{0x60, 0x60, "'"},        FoldRow{0xA0, 0xA0, " "},       FoldRow{0xA9, 0xA9, "(c)"},
    FoldRow{0xAB, 0xAB, "\""},       FoldRow{0xAD, 0xAD, ""},        FoldRow{0xAE, 0xAE, " "},
    FoldRow{0xB4, 0xB4, "'"},        FoldRow{0xA1, 0xBF, " "},       FoldRow{0x300, 0x36F, ""},
    FoldRow{0x2000, 0x200A, " "},    FoldRow{0x200B, 0x200F, ""},    FoldRow{0x2010, 0x2011, "-"},
    FoldRow{0x2012, 0x2015, "\x02"}, FoldRow{0x2018, 0x201B, "'"},   FoldRow{0x201C, 0x201F, "\""},
    FoldRow{0x2028, 0x2029, "\n"},   FoldRow{0x2032, 0x2032, "'"},   FoldRow{0x2033, 0x2033, "\""},
    FoldRow{0x2020, 0x206F, " "},    FoldRow{0x2117, 0x2117, "(c)"}, FoldRow{0x2120, 0x2122, " "},
    FoldRow{0x2190, 0x2BFF, " "},    FoldRow{0x3000, 0x303F, " "},   FoldRow{0xFB00, 0xFB00, "ff"},
    FoldRow{0xFB01, 0xFB01, "fi"},   FoldRow{0xFB02, 0xFB02, "fl"},  FoldRow{0xFB03, 0xFB03, "ffi"},
    FoldRow{0xFB04, 0xFB04, "ffl"},  FoldRow{0xFEFF, 0xFEFF, ""},    FoldRow{0xFFFD, 0xFFFD, " "},
};

// U+00C0 to U+00FF without accents; '*' and '/' are signs, not letters.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";

const FoldRow* row_of(char32_t point) {
    for (const FoldRow& row : kFoldRows) {
        if (point >= row.first && point <= row.last) {
            return &row;
        }
    }
    return nullptr;
}

void append_utf8(MarkedText& out, char32_t point, std::uint32_t from) {
    const auto tail = [&](unsigned shift) {
        out.append(static_cast<char>(0x80U | ((point >> shift) & 0x3FU)), from);
    };
    if (point < 0x800) {
        out.append(static_cast<char>(0xC0U | (point >> 6U)), from);
    } else if (point < 0x10000) {
        out.append(static_cast<char>(0xE0U | (point >> 12U)), from);
        tail(6);
    } else {
        out.append(static_cast<char>(0xF0U | ((point >> 18U) & 7U)), from);
        tail(12);
        tail(6);
    }
    tail(0);
}

bool stands_alone(char32_t point) {
    return point >= 0x2E80 && point < 0xFB00;
}

char32_t lower_point(char32_t point) {
    if ((point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F)) {
        return point + 0x20;
    }
    if (point >= 0x400 && point <= 0x40F) {
        return point + 0x50;
    }
    if (point >= 0x100 && point < 0x180) {
        return point | 1U; // pairs of upper and lower case, nearly everywhere
    }
    return point;
}

} // namespace

void append_folded(MarkedText& out, char32_t point, std::uint32_t from) {
    if (point < 0x80 && point != '`') {
        const auto byte = static_cast<char>(point);
        const bool is_upper = byte >= 'A' && byte <= 'Z';
        out.append(static_cast<char>(is_upper ? byte + ('a' - 'A') : byte), from);
        return;
    }
    if (const FoldRow* row = row_of(point)) {
        for (const char byte : row->as) {
            out.append(byte, from);
        }
        return;
    }
    if (point >= 0xC0 && point <= 0xFF) {
        out.append(kLatin[point - 0xC0], from);
        return;
    }
    if (point >= 0xFF01 && point <= 0xFF5E) {
        append_folded(out, point - 0xFF01 + '!', from); // full-width forms
        return;
    }
    if (stands_alone(point)) {
        out.append(kSingle, from);
    }
    append_utf8(out, lower_point(point), from);
}

} // namespace railhub::license
