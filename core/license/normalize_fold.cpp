// SPDX-License-Identifier: Apache-2.0
// Step 1: bytes of any common encoding to lower-case text without typography.
#include "core/license/fold_table.h"
#include "core/license/normalize.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace railhub::license {

namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 1; // bytes of the original
};

// Windows-1252 where it differs from Latin-1, 0x80 to 0x9F: only the punctuation matters here.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0x20,   0x201A, 0x192,  0x201E, 0x2026, 0x20,   0x20,   0x2C6,  0x20,   0x160,
    0x2039, 0x152,  0x20,   0x17D,  0x20,   0x20,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x20,   0x17E,  0x178};

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

CodePoint single_byte(std::uint8_t byte) {
    return {byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : char32_t{byte}, 1};
}

// A sequence that is not UTF-8 is read as one byte of Windows-1252.
CodePoint next_utf8(std::string_view bytes, std::size_t at) {
    const std::uint8_t first = byte_at(bytes, at);
    if (first < 0x80) {
        return {first, 1};
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > bytes.size()) {
        return single_byte(first);
    }
    char32_t value = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint8_t next = byte_at(bytes, at + i);
        if ((next & 0xC0U) != 0x80U) {
            return single_byte(first);
        }
        value = (value << 6U) | (next & 0x3FU);
    }
    return {value, length};
}

enum class Encoding : std::uint8_t { Utf8, Utf16Little, Utf16Big };

struct Start {
    Encoding encoding = Encoding::Utf8;
    std::size_t skip = 0;
};

Start start_of(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        return {Encoding::Utf8, 3};
    }
    if (bytes.starts_with("\xFF\xFE")) {
        return {Encoding::Utf16Little, 2};
    }
    if (bytes.starts_with("\xFE\xFF")) {
        return {Encoding::Utf16Big, 2};
    }
    return {};
}

// Surrogates stay halves: no word of a license is written outside the first plane.
CodePoint next_utf16(std::string_view bytes, std::size_t at, Encoding encoding) {
    if (at + 1 >= bytes.size()) {
        return {' ', 1};
    }
    const std::uint32_t a = byte_at(bytes, at);
    const std::uint32_t b = byte_at(bytes, at + 1);
    return {encoding == Encoding::Utf16Little ? (b << 8U) | a : (a << 8U) | b, 2};
}

// Most of nearly every text: bytes that stand for themselves, but for their case.
bool is_plain(char ch) {
    return static_cast<std::uint8_t>(ch) < 0x80 && ch != '\r' && ch != '`';
}

// Appends the plain bytes from `at` on; where they end.
std::size_t append_plain(MarkedText& out, std::string_view bytes, std::size_t at) {
    const auto* begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto* end = std::find_if_not(begin, bytes.end(), &is_plain);
    const auto count = static_cast<std::size_t>(end - begin);
    const std::size_t old = out.text.size();
    out.text.resize(old + count);
    std::transform(begin, end, out.text.begin() + static_cast<std::ptrdiff_t>(old), [](char ch) {
        return static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch + ('a' - 'A') : ch);
    });
    out.origin.resize(old + count);
    std::iota(
        out.origin.begin() + static_cast<std::ptrdiff_t>(old),
        out.origin.end(),
        static_cast<std::uint32_t>(at)
    );
    return at + count;
}

} // namespace

MarkedText fold_characters(std::string_view bytes) {
    MarkedText out;
    out.text.reserve(bytes.size());
    out.origin.reserve(bytes.size());
    const Start start = start_of(bytes);
    std::size_t at = start.skip;
    while (at < bytes.size()) {
        if (start.encoding == Encoding::Utf8 && is_plain(bytes[at])) {
            at = append_plain(out, bytes, at);
            continue;
        }
        const auto from = static_cast<std::uint32_t>(at);
        const CodePoint point = start.encoding == Encoding::Utf8
                                    ? next_utf8(bytes, at)
                                    : next_utf16(bytes, at, start.encoding);
        at += point.length;
        if (point.value == '\r') {
            if (at < bytes.size() && bytes[at] == '\n') {
                continue; // the LF of a CRLF follows
            }
            out.append('\n', from);
            continue;
        }
        append_folded(out, point.value, from);
    }
    return out;
}

} // namespace railhub::license
