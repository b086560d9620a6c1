// SPDX-License-Identifier: Apache-2.0
#include "core/scan/words.h"

#include "core/scan/characters.h"
#include "core/util/assert.h"

#include <algorithm>

namespace railhub::scan {

namespace {

constexpr std::size_t kAscii = 128;
constexpr std::size_t kLongestSide = 96;

bool is_id_byte(char ch) {
    return (is_word(ch) && static_cast<unsigned char>(ch) < kAscii) || ch == '-' || ch == '.';
}

// Three bytes as a number.
std::uint32_t beginning_of(const char* text) {
    const auto byte = [&](std::size_t at) {
        return std::uint32_t{static_cast<unsigned char>(text[at])};
    };
    return byte(0) | (byte(1) << 8U) | (byte(2) << 16U);
}

std::size_t hash_of(std::uint32_t key) {
    constexpr std::uint32_t kGolden = 0x9E3779B1; // Knuth's multiplier
    return (key * kGolden) >> 16U;
}

bool is_quote(char ch) {
    return ch == '"' || ch == '\'' || ch == '`';
}

} // namespace

WordFinder::WordFinder(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        RAILHUB_ASSERT(!word.empty());
        if (word.size() < kPrefix) {
            short_words_.push_back(word);
            continue;
        }
        const std::uint32_t key = beginning_of(word.data());
        beginnings_.set(hash_of(key));
        words_[key].push_back(word);
    }
}

bool WordFinder::matches(std::string_view text) const {
    for (std::size_t i = 0; i + kPrefix <= text.size(); ++i) {
        // Nearly every place ends here.
        if (beginnings_[hash_of(beginning_of(text.data() + i))] && matches_here(text.substr(i))) {
            return true;
        }
    }
    return std::any_of(short_words_.begin(), short_words_.end(), [&](const std::string& word) {
        return text.find(word) != std::string_view::npos;
    });
}

bool WordFinder::matches_here(std::string_view text) const {
    const auto found = words_.find(beginning_of(text.data()));
    return found != words_.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const std::string& word) {
               return text.starts_with(word);
           });
}

bool find_quoted_id(std::string_view text, const std::function<bool(std::string_view id)>& take) {
    for (std::size_t at = text.find('/'); at != std::string_view::npos;
         at = text.find('/', at + 1)) {
        std::size_t left = at;
        while (left > 0 && at - left < kLongestSide && is_id_byte(text[left - 1])) {
            --left;
        }
        if (left == at || left == 0 || !is_quote(text[left - 1])) {
            continue;
        }
        std::size_t right = at + 1;
        while (right < text.size() && right - at < kLongestSide && is_id_byte(text[right])) {
            ++right;
        }
        const bool is_end = right < text.size() &&
                            (is_quote(text[right]) || text[right] == ':' || text[right] == '@');
        if (right > at + 1 && is_end && take(text.substr(left, right - left))) {
            return true;
        }
    }
    return false;
}

} // namespace railhub::scan
