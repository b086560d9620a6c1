// SPDX-License-Identifier: Apache-2.0
#include "server/api/json_lines.h"

namespace railhub::server::api {

namespace {

constexpr std::size_t kMaxKey = 256;
constexpr std::size_t kPiece = 32 * 1024; // of a streamed string

bool is_blank(int c) {
    return c == ' ' || c == '\t' || c == '\r';
}

bool is_literal_char(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '+' || c == '-' || c == '.' ||
           c == 'E';
}

void append_utf8(std::string& text, std::uint32_t code) {
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0U | (code >> 6U));
        add(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        add(0xE0U | (code >> 12U));
        add(0x80U | ((code >> 6U) & 0x3FU));
        add(0x80U | (code & 0x3FU));
    } else {
        add(0xF0U | (code >> 18U));
        add(0x80U | ((code >> 12U) & 0x3FU));
        add(0x80U | ((code >> 6U) & 0x3FU));
        add(0x80U | (code & 0x3FU));
    }
}

} // namespace

util::Error JsonLines::error(std::string_view what) const {
    return util::fail(
        util::Code::InvalidInput, "line " + std::to_string(line_) + ": " + std::string(what)
    );
}

util::Result<int> JsonLines::peek() {
    if (begin_ == end_) {
        RAILHUB_TRY(end_, from_.read(buffer_));
        begin_ = 0;
        if (end_ == 0) {
            return -1;
        }
    }
    return static_cast<int>(buffer_[begin_]);
}

util::Result<int> JsonLines::get() {
    RAILHUB_TRY(const int c, peek());
    begin_ += c >= 0 ? 1 : 0;
    return c;
}

util::Result<> JsonLines::skip_blanks() {
    while (true) {
        RAILHUB_TRY(const int c, peek());
        if (!is_blank(c)) {
            return {};
        }
        ++begin_;
    }
}

util::Result<> JsonLines::expect(char wanted) {
    RAILHUB_TRY(skip_blanks());
    RAILHUB_TRY(const int c, get());
    if (c != wanted) {
        return error(std::string("expected '") + wanted + "'");
    }
    return {};
}

util::Result<bool> JsonLines::next_line() {
    ++line_;
    while (true) {
        RAILHUB_TRY(skip_blanks());
        RAILHUB_TRY(const int c, peek());
        if (c != '\n') {
            return c >= 0;
        }
        ++begin_;
        ++line_;
    }
}

util::Result<> JsonLines::end_line() {
    RAILHUB_TRY(skip_blanks());
    RAILHUB_TRY(const int c, get());
    if (c != '\n' && c != -1) {
        return error("something follows the object");
    }
    return {};
}

util::Result<> JsonLines::begin_object() {
    return expect('{');
}

util::Result<bool> JsonLines::next_member(Position position, std::string& key) {
    RAILHUB_TRY(skip_blanks());
    RAILHUB_TRY(int c, peek());
    if (c == '}') {
        ++begin_;
        return false;
    }
    if (position == Position::Later) {
        RAILHUB_TRY(expect(','));
        RAILHUB_TRY(skip_blanks());
        RAILHUB_TRY(c, peek());
    }
    if (c != '"') {
        return error("expected a key in quotes");
    }
    RAILHUB_TRY(const util::Json text, value(kMaxKey));
    key = *text.as_string();
    RAILHUB_TRY(expect(':'));
    return true;
}

util::Result<util::Json> JsonLines::value(std::size_t max_bytes) {
    RAILHUB_TRY(skip_blanks());
    std::string text;
    RAILHUB_TRY(capture(text, max_bytes));
    auto parsed = util::parse_json(text);
    if (!parsed.ok()) {
        return error(parsed.error().message);
    }
    return parsed;
}

// Takes one value as text. Only as much is understood as tells where it ends; the parser judges it.
util::Result<> JsonLines::capture(std::string& text, std::size_t max_bytes) {
    std::size_t depth = 0;
    while (true) {
        RAILHUB_TRY(const int c, peek());
        if (c == '"') {
            RAILHUB_TRY(capture_string(text, max_bytes));
        } else if (c == '{' || c == '[') {
            ++depth;
            text += static_cast<char>(c);
            ++begin_;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
            text += static_cast<char>(c);
            ++begin_;
        } else if (depth > 0 && (c == ',' || c == ':' || is_blank(c))) {
            text += static_cast<char>(c);
            ++begin_;
            continue;
        } else if (is_literal_char(c)) {
            text += static_cast<char>(c);
            ++begin_;
            if (text.size() > max_bytes) {
                return util::fail(util::Code::TooLarge, error("a value is too long").message);
            }
            RAILHUB_TRY(const int next, peek());
            if (is_literal_char(next) || depth > 0) {
                continue;
            }
        } else {
            return error("expected a JSON value");
        }
        if (text.size() > max_bytes) {
            return util::fail(util::Code::TooLarge, error("a value is too long").message);
        }
        if (depth == 0) {
            return {};
        }
    }
}

util::Result<> JsonLines::capture_string(std::string& text, std::size_t max_bytes) {
    text += '"';
    ++begin_;
    bool is_escaped = false;
    while (true) {
        RAILHUB_TRY(const int c, get());
        if (c < 0 || c == '\n') {
            return error("a string does not end");
        }
        text += static_cast<char>(c);
        if (text.size() > max_bytes) {
            return util::fail(util::Code::TooLarge, error("a string is too long").message);
        }
        if (c == '"' && !is_escaped) {
            return {};
        }
        is_escaped = c == '\\' && !is_escaped;
    }
}

util::Result<unsigned> JsonLines::code_unit() {
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i) {
        RAILHUB_TRY(const int c, get());
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            digit = static_cast<unsigned>((c | 0x20) - 'a') + 10;
        } else {
            return error("a broken escape");
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

// After a backslash.
util::Result<> JsonLines::unescape(std::string& text) {
    constexpr std::string_view kShort = "\"\\/bfnrt";
    constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
    RAILHUB_TRY(const int c, get());
    if (c > 0 && kShort.find(static_cast<char>(c)) != std::string_view::npos) {
        text += kMeaning[kShort.find(static_cast<char>(c))];
        return {};
    }
    if (c != 'u') {
        return error("a broken escape");
    }
    RAILHUB_TRY(const unsigned first, code_unit());
    if (first < 0xD800 || first > 0xDFFF) {
        append_utf8(text, first);
        return {};
    }
    RAILHUB_TRY(const int backslash, get());
    RAILHUB_TRY(const int letter, get());
    if (first > 0xDBFF || backslash != '\\' || letter != 'u') {
        return error("half a surrogate pair");
    }
    RAILHUB_TRY(const unsigned second, code_unit());
    if (second < 0xDC00 || second > 0xDFFF) {
        return error("half a surrogate pair");
    }
    append_utf8(text, 0x10000U + ((first - 0xD800U) << 10U) + (second - 0xDC00U));
    return {};
}

util::Result<> JsonLines::stream_string(const Sink& sink) {
    RAILHUB_TRY(expect('"'));
    std::string piece;
    while (true) {
        // The plain run up to the next byte that means something.
        RAILHUB_TRY(int c, peek());
        std::size_t run = begin_;
        while (run < end_ && buffer_[run] != '"' && buffer_[run] != '\\' && buffer_[run] >= 0x20) {
            ++run;
        }
        piece.append(reinterpret_cast<const char*>(buffer_.data()) + begin_, run - begin_);
        begin_ = run;
        if (piece.size() >= kPiece) {
            RAILHUB_TRY(sink(piece));
            piece.clear();
        }
        if (begin_ == end_ && c >= 0) {
            continue;
        }
        RAILHUB_TRY(c, get());
        if (c == '"') {
            return sink(piece);
        }
        if (c != '\\') {
            return error(c < 0 ? "a string does not end" : "a control character in a string");
        }
        RAILHUB_TRY(unescape(piece));
    }
}

} // namespace railhub::server::api
