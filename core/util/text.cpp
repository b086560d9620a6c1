// SPDX-License-Identifier: Apache-2.0
// Splitting, UTF-8 checks, distances and globs.
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <numeric>

namespace railhub::util {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

char lower_char(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// What a lead byte asks for: length of the sequence (0 = no lead byte) and the range of the second
// byte, which is where overlong forms, surrogates and numbers past U+10FFFF show (RFC 3629).
struct Utf8Lead {
    std::size_t length;
    unsigned char second_min;
    unsigned char second_max;
};

Utf8Lead utf8_lead(unsigned char byte) {
    if (byte < 0x80) {
        return {1, 0, 0};
    }
    if (byte < 0xC2 || byte > 0xF4) {
        return {0, 0, 0};
    }
    if (byte < 0xE0) {
        return {2, 0x80, 0xBF};
    }
    if (byte < 0xF0) {
        const unsigned char least = byte == 0xE0 ? 0xA0 : 0x80;
        const unsigned char most = byte == 0xED ? 0x9F : 0xBF;
        return {3, least, most};
    }
    const unsigned char least = byte == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = byte == 0xF4 ? 0x8F : 0xBF;
    return {4, least, most};
}

// Number of leading ASCII bytes, eight at a time.
std::size_t ascii_run(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((word & 0x8080808080808080U) != 0) {
            break;
        }
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
        ++at;
    }
    return at;
}

enum class Utf8Tail : std::uint8_t { MustBeWhole, MayBeCut };

bool check_utf8(std::string_view text, Utf8Tail tail) {
    for (std::size_t at = ascii_run(text); at < text.size(); at += ascii_run(text.substr(at))) {
        const Utf8Lead lead = utf8_lead(static_cast<unsigned char>(text[at]));
        if (lead.length == 0) {
            return false;
        }
        const std::size_t present = std::min(lead.length, text.size() - at);
        for (std::size_t i = 1; i < present; ++i) {
            const auto byte = static_cast<unsigned char>(text[at + i]);
            const unsigned char least = i == 1 ? lead.second_min : 0x80;
            const unsigned char most = i == 1 ? lead.second_max : 0xBF;
            if (byte < least || byte > most) {
                return false;
            }
        }
        if (present < lead.length) {
            return tail == Utf8Tail::MayBeCut;
        }
        at += lead.length;
    }
    return true;
}

// Takes one character off the front; a byte that is not UTF-8 stands for itself.
char32_t take_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = utf8_lead(first).length;
    if (length <= 1 || text.size() < length) {
        text.remove_prefix(1);
        return first;
    }
    constexpr std::array<unsigned char, 5> kMask = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t character = first & kMask[length];
    for (std::size_t i = 1; i < length; ++i) {
        character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    text.remove_prefix(length);
    return character;
}

// Position of the ']' that ends a set beginning behind its '[', or npos. As in fnmatch, a ']' in
// first place is a member.
std::size_t glob_set_end(std::string_view set) {
    std::size_t from = set.starts_with('!') ? 1 : 0;
    if (set.substr(from).starts_with(']')) {
        ++from;
    }
    return set.find(']', from);
}

bool glob_set_contains(std::string_view set, char32_t character) {
    const bool is_negated = set.starts_with('!');
    set.remove_prefix(is_negated ? 1 : 0);
    bool is_member = false;
    while (!set.empty()) {
        const char32_t low = take_character(set);
        char32_t high = low;
        if (set.size() >= 2 && set.front() == '-') {
            set.remove_prefix(1);
            high = take_character(set);
        }
        is_member = is_member || (low <= character && character <= high);
    }
    return is_member != is_negated;
}

// Matches one pattern element that is no star against one character; both views advance on success.
bool glob_match_one(std::string_view& pattern, std::string_view& text) {
    std::string_view rest_text = text;
    const char32_t character = take_character(rest_text);
    std::string_view rest_pattern = pattern;
    const char32_t element = take_character(rest_pattern);
    bool is_match = element == U'?' || element == character;
    if (element == U'[') {
        const std::size_t end = glob_set_end(rest_pattern);
        if (end != std::string_view::npos) {
            is_match = glob_set_contains(rest_pattern.substr(0, end), character);
            rest_pattern.remove_prefix(end + 1);
        }
    }
    if (is_match) {
        pattern = rest_pattern;
        text = rest_text;
    }
    return is_match;
}

} // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower_char);
    return result;
}

bool equal_ignore_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower_char(x) == lower_char(y);
    });
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        text += i == 0 ? std::string_view() : separator;
        text += parts[i];
    }
    return text;
}

bool is_valid_utf8(std::string_view text) {
    return check_utf8(text, Utf8Tail::MustBeWhole);
}

bool is_valid_utf8_prefix(std::string_view text) {
    return check_utf8(text, Utf8Tail::MayBeCut);
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || stop != end) {
        return std::nullopt;
    }
    return number;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
    // A slip changes about a third of a word at most; names longer than this are no slips.
    constexpr std::size_t kLongest = 100;
    if (name.size() > kLongest) {
        return {};
    }
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::string found;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(lower(name), lower(candidate));
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

std::string human_bytes(std::uint64_t bytes) {
    constexpr std::array<const char*, 7> kUnits = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        return std::to_string(bytes) + " B";
    }
    auto amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    // 999.95 would print as 1000.0.
    while (amount >= 999.95 && unit + 1 < kUnits.size()) {
        amount /= 1000;
        ++unit;
    }
    char text[32];
    const int length = std::snprintf(text, sizeof text, "%.1f %s", amount, kUnits[unit]);
    return {text, static_cast<std::size_t>(length)};
}

bool glob_match(std::string_view pattern, std::string_view text) {
    const std::string as_folder = std::string(pattern) + "*";
    if (pattern.ends_with('/')) {
        pattern = as_folder;
    }
    // Only the last star is ever tried again, so the cost is at most pattern x text.
    std::string_view star_pattern;
    std::string_view star_text;
    bool has_star = false;
    while (!text.empty()) {
        if (pattern.starts_with('*')) {
            pattern.remove_prefix(1);
            star_pattern = pattern;
            star_text = text;
            has_star = true;
        } else if (pattern.empty() || !glob_match_one(pattern, text)) {
            if (!has_star) {
                return false;
            }
            take_character(star_text);
            text = star_text;
            pattern = star_pattern;
        }
    }
    return pattern.find_first_not_of('*') == std::string_view::npos;
}

} // namespace railhub::util
