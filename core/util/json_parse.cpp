// SPDX-License-Identifier: Apache-2.0
// Parses JSON (RFC 8259) strictly and within limits. Written here because a commit carries files as
// base64 strings of megabytes: the packaged library reads those at 70 MB/s, this at the speed of
// one copy (tests/fuzz/json.cpp holds the two against each other).
#include "core/util/json.h"
#include "core/util/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace railhub::util {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// High bit set in every byte of `word` that is below `limit` (1..128) and is itself below 128.
constexpr std::uint64_t bytes_below(std::uint64_t word, std::uint8_t limit) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHigh = 0x8080808080808080U;
    return (word - kOnes * limit) & ~word & kHigh;
}

// True when a byte of the word may end a run of plain characters: a quote, a backslash, a control
// character. May err towards true, never towards false.
constexpr bool may_stop(std::uint64_t word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    const std::uint64_t quotes = bytes_below(word ^ (kOnes * '"'), 1);
    const std::uint64_t backslashes = bytes_below(word ^ (kOnes * '\\'), 1);
    return (quotes | backslashes | bytes_below(word, 0x20)) != 0;
}

bool stops_run(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// Length of the run of plain characters at the front.
std::size_t plain_run(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if (may_stop(word)) {
            break;
        }
    }
    while (at < text.size() && !stops_run(text[at])) {
        ++at;
    }
    return at;
}

void append_utf8(char32_t c, std::string& out) {
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

// The key that occurs twice, or nullptr.
const std::string* duplicate_key(const JsonObject& members) {
    std::vector<const std::string*> keys(members.size());
    std::transform(members.begin(), members.end(), keys.begin(), [](const JsonMember& member) {
        return &member.first;
    });
    const auto less = [](const std::string* a, const std::string* b) { return *a < *b; };
    std::sort(keys.begin(), keys.end(), less);
    const auto twin =
        std::adjacent_find(keys.begin(), keys.end(), [](auto* a, auto* b) { return *a == *b; });
    return twin == keys.end() ? nullptr : *twin;
}

// Recursive descent; depth is bounded by the limits. Functions return false once error_ is set,
// because a Result per value would cost more than the value.
class Parser {
  public:
    Parser(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

    Result<Json> parse() {
        Json value;
        if (!parse_value(value, 0)) {
            return std::move(error_);
        }
        skip_blanks();
        if (at_ != text_.size()) {
            give_up("text goes on after the end of the value");
            return std::move(error_);
        }
        return value;
    }

  private:
    bool parse_value(Json& into, std::size_t depth) {
        skip_blanks();
        if (++values_ > limits_.max_values) {
            return exceed("more than " + std::to_string(limits_.max_values) + " values");
        }
        switch (peek()) {
        case '{':
            return parse_object(into, depth);
        case '[':
            return parse_array(into, depth);
        case '"': {
            std::string text;
            const bool is_good = parse_string(text);
            into = Json(std::move(text));
            return is_good;
        }
        case 't':
            return parse_word("true", Json(true), into);
        case 'f':
            return parse_word("false", Json(false), into);
        case 'n':
            return parse_word("null", Json(), into);
        default:
            return parse_number(into);
        }
    }

    bool parse_object(Json& into, std::size_t depth) {
        JsonObject members;
        const auto parse_member = [&] {
            skip_blanks();
            if (peek() != '"') {
                return give_up("expected a key in double quotes");
            }
            auto& member = members.emplace_back();
            if (!parse_string(member.first)) {
                return false;
            }
            skip_blanks();
            if (!take(':')) {
                return give_up("expected ':' after a key");
            }
            return parse_value(member.second, depth + 1);
        };
        if (!parse_items('}', depth, parse_member)) {
            return false;
        }
        if (const std::string* const key = duplicate_key(members)) {
            return give_up(
                "key '" + key->substr(0, 100) + "' occurs twice in the object that ends"
            );
        }
        into = Json(std::move(members));
        return true;
    }

    bool parse_array(Json& into, std::size_t depth) {
        JsonArray items;
        if (!parse_items(']', depth, [&] {
                return parse_value(items.emplace_back(), depth + 1);
            })) {
            return false;
        }
        into = Json(std::move(items));
        return true;
    }

    // The opening bracket, items separated by commas, the closing bracket.
    template <class ParseItem>
    bool parse_items(char closing, std::size_t depth, const ParseItem& parse_item) {
        if (depth >= limits_.max_depth) {
            return exceed("nested deeper than " + std::to_string(limits_.max_depth) + " levels");
        }
        ++at_;
        skip_blanks();
        if (take(closing)) {
            return true;
        }
        for (;;) {
            if (!parse_item()) {
                return false;
            }
            skip_blanks();
            if (take(closing)) {
                return true;
            }
            if (!take(',')) {
                return give_up(std::string("expected ',' or '") + closing + "'");
            }
        }
    }

    bool parse_string(std::string& into) {
        ++at_; // the quote
        for (;;) {
            const std::string_view run = text_.substr(at_, plain_run(text_.substr(at_)));
            // No sequence is split here: what ends a run is ASCII.
            if (!is_valid_utf8(run)) {
                return give_up("a string is not UTF-8");
            }
            into.append(run);
            at_ += run.size();
            if (take('"')) {
                return true;
            }
            if (at_ == text_.size()) {
                return give_up("text ends inside a string");
            }
            if (peek() != '\\') {
                return give_up("a control character stands in a string");
            }
            if (!parse_escape(into)) {
                return false;
            }
        }
    }

    bool parse_escape(std::string& into) {
        constexpr std::string_view kLetters = "\"\\/bfnrt";
        constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        ++at_; // the backslash
        if (take('u')) {
            return parse_unicode_escape(into);
        }
        const std::size_t index = at_ < text_.size() ? kLetters.find(text_[at_]) : kLetters.npos;
        if (index == std::string_view::npos) {
            return give_up("unknown escape in a string");
        }
        into.push_back(kMeanings[index]);
        ++at_;
        return true;
    }

    bool parse_unicode_escape(std::string& into) {
        char32_t unit = 0;
        if (!parse_four_hex(unit)) {
            return false;
        }
        const bool is_high = unit >= 0xD800 && unit < 0xDC00;
        if (is_high && text_.substr(at_).starts_with("\\u")) {
            at_ += 2;
            char32_t low = 0;
            if (!parse_four_hex(low)) {
                return false;
            }
            if (low < 0xDC00 || low > 0xDFFF) {
                return give_up("half a surrogate pair in a string");
            }
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        } else if (unit >= 0xD800 && unit <= 0xDFFF) {
            return give_up("half a surrogate pair in a string");
        }
        append_utf8(unit, into);
        return true;
    }

    bool parse_four_hex(char32_t& unit) {
        const std::string_view digits = text_.substr(at_, 4);
        std::uint32_t value = 0;
        const char* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
        if (digits.size() != 4 || error != std::errc() || stop != end) {
            return give_up("expected four hex digits after '\\u'");
        }
        unit = value;
        at_ += 4;
        return true;
    }

    bool parse_word(std::string_view word, Json value, Json& into) {
        if (!text_.substr(at_).starts_with(word)) {
            return give_up("expected a value");
        }
        at_ += word.size();
        into = std::move(value);
        return true;
    }

    bool parse_number(Json& into) {
        const std::size_t start = at_;
        take('-');
        if (!is_digit(peek())) {
            at_ = start;
            return give_up(
                at_ == text_.size() ? "text ends where a value is expected" : "expected a value"
            );
        }
        if (!take('0')) {
            skip_digits();
        }
        bool is_integer = true;
        if (take('.')) {
            is_integer = false;
            if (!is_digit(peek())) {
                return give_up("expected a digit after '.'");
            }
            skip_digits();
        }
        if (take('e') || take('E')) {
            is_integer = false;
            if (!take('+')) {
                take('-');
            }
            if (!is_digit(peek())) {
                return give_up("expected a digit in an exponent");
            }
            skip_digits();
        }
        const std::string_view number = text_.substr(start, at_ - start);
        return (is_integer && read_as<std::int64_t>(number, into)) ||
               (is_integer && read_as<std::uint64_t>(number, into)) ||
               read_as<double>(number, into) || read_extreme(number, into);
    }

    template <class Number>
    static bool read_as(std::string_view text, Json& into) {
        Number number{};
        const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
        if (result.ec != std::errc()) {
            return false;
        }
        into = Json(number);
        return true;
    }

    // from_chars does not tell numbers too small for a double (which are zero) from those too
    // large.
    bool read_extreme(std::string_view text, Json& into) {
        const double number = std::strtod(std::string(text).c_str(), nullptr);
        if (!std::isfinite(number)) {
            return give_up("a number is too large");
        }
        into = Json(number);
        return true;
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char c) {
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there ? 1 : 0;
        return is_there;
    }

    void skip_digits() {
        while (is_digit(peek())) {
            ++at_;
        }
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                      text_[at_] == '\r' || text_[at_] == '\t')) {
            ++at_;
        }
    }

    bool give_up(std::string_view reason) {
        const std::string_view before = text_.substr(0, at_);
        const auto lines = std::count(before.begin(), before.end(), '\n');
        const std::string_view line = before.substr(before.rfind('\n') + 1); // npos + 1 == 0
        // Columns count characters, not the bytes that go on with one.
        const auto column = std::count_if(line.begin(), line.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        });
        error_ = fail(
            Code::InvalidInput,
            "invalid JSON at line " + std::to_string(lines + 1) + ", column " +
                std::to_string(column + 1) + ": " + std::string(reason)
        );
        return false;
    }

    bool exceed(const std::string& what) {
        error_ = fail(Code::TooLarge, "JSON has " + what);
        return false;
    }

    std::string_view text_; // of the caller of parse_json
    const JsonLimits& limits_;
    std::size_t at_ = 0;
    std::size_t values_ = 0;
    Error error_;
};

} // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.max_bytes) {
        return fail(
            Code::TooLarge, "JSON is larger than " + std::to_string(limits.max_bytes) + " bytes"
        );
    }
    return Parser(text, limits).parse();
}

} // namespace railhub::util
