// SPDX-License-Identifier: Apache-2.0
#include "core/scan/words.h"

#include "core/scan/characters.h"
#include "core/util/assert.h"

#include <deque>
#include <limits>

namespace railhub::scan {

namespace {

constexpr std::size_t kAscii = 128;
constexpr std::size_t kLongestSide = 96;

bool is_id_byte(char ch) {
    return (is_word(ch) && static_cast<unsigned char>(ch) < kAscii) || ch == '-' || ch == '.';
}

bool is_quote(char ch) {
    return ch == '"' || ch == '\'' || ch == '`';
}

} // namespace

WordFinder::WordFinder(const std::vector<std::string>& words)
    : next_(1, Row{}), is_word_(1, false) {
    for (const std::string& word : words) {
        std::size_t state = 0;
        for (const char ch : word) {
            const auto byte = static_cast<unsigned char>(ch);
            RAILHUB_ASSERT(
                byte < kAscii && next_.size() < std::numeric_limits<std::uint16_t>::max()
            );
            if (next_[state][byte] == 0) {
                next_[state][byte] = static_cast<std::uint16_t>(next_.size());
                next_.push_back(Row{});
                is_word_.push_back(false);
            }
            state = next_[state][byte];
        }
        is_word_[state] = true;
    }
    // Where a word breaks off, go on with the longest end that begins another
    // one.
    std::vector<std::uint16_t> back(next_.size(), 0);
    std::deque<std::uint16_t> open;
    for (const std::uint16_t state : next_[0]) {
        if (state != 0) {
            open.push_back(state);
        }
    }
    while (!open.empty()) {
        const std::uint16_t state = open.front();
        open.pop_front();
        is_word_[state] = is_word_[state] || is_word_[back[state]];
        for (std::size_t byte = 0; byte < kAscii; ++byte) {
            const std::uint16_t to = next_[state][byte];
            if (to == 0) {
                next_[state][byte] = next_[back[state]][byte];
            } else {
                back[to] = next_[back[state]][byte];
                open.push_back(to);
            }
        }
    }
}

bool WordFinder::matches(std::string_view text) const {
    std::uint16_t state = 0;
    for (const char ch : text) {
        const auto byte = static_cast<unsigned char>(ch);
        state = byte < kAscii ? next_[state][byte] : std::uint16_t{0};
        if (is_word_[state]) {
            return true;
        }
    }
    return false;
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
