// SPDX-License-Identifier: Apache-2.0
#include "core/scan/python_lexer.h"

#include "core/scan/characters.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

class PythonLexer {
  public:
    PythonLexer(std::string_view source, std::size_t begin, std::size_t end)
        : source_(source), at_(begin), end_(end) {}

    std::vector<Token> lines() {
        while (at_ < end_) {
            if (at_line_start_ && depth_ == 0) {
                indentation();
            } else {
                token();
            }
        }
        if (!tokens_.empty() && tokens_.back().kind != TokenKind::Newline) {
            push(TokenKind::Newline, end_, 0);
        }
        for (; indents_.size() > 1; indents_.pop_back()) {
            push(TokenKind::Dedent, end_, 0);
        }
        push(TokenKind::End, end_, 0);
        return std::move(tokens_);
    }

    std::vector<Token> piece() {
        at_line_start_ = false;
        depth_ = 1; // no logical lines inside
        while (at_ < end_) {
            token();
        }
        push(TokenKind::End, end_, 0);
        return std::move(tokens_);
    }

  private:
    void push(TokenKind kind, std::size_t offset, std::size_t length) {
        Token token;
        token.kind = kind;
        token.offset = static_cast<std::uint32_t>(offset);
        token.length = static_cast<std::uint32_t>(length);
        tokens_.push_back(token);
    }

    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < end_ ? source_[at_ + ahead] : '\0';
    }

    void indentation() {
        std::size_t width = 0;
        std::size_t at = at_;
        for (; at < end_; ++at) {
            if (source_[at] == ' ') {
                ++width;
            } else if (source_[at] == '\t') {
                width = (width / 8 + 1) * 8;
            } else if (source_[at] != '\f') {
                break;
            }
        }
        at_ = at;
        at_line_start_ = false;
        if (at >= end_ || source_[at] == '\n' || source_[at] == '\r' || source_[at] == '#') {
            is_blank_line_ = true;
            return;
        }
        is_blank_line_ = false;
        if (width > indents_.back()) {
            indents_.push_back(width);
            push(TokenKind::Indent, at_, 0);
        }
        while (width < indents_.back()) {
            indents_.pop_back();
            push(TokenKind::Dedent, at_, 0);
        }
    }

    void token() {
        const char ch = source_[at_];
        if (ch == '\n') {
            newline();
        } else if (ch == ' ' || ch == '\t' || ch == '\r' || ch == '\f') {
            ++at_;
        } else if (ch == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
            at_ += peek(1) == '\n' ? 2 : 3;
        } else if (ch == '#') {
            while (at_ < end_ && source_[at_] != '\n') {
                ++at_;
            }
        } else if (is_word_start(ch)) {
            word();
        } else if (is_digit(ch)) {
            number();
        } else if (ch == '"' || ch == '\'') {
            string(at_, {});
        } else {
            operator_sign(ch);
        }
    }

    void newline() {
        const std::size_t at = at_++;
        if (depth_ > 0) {
            // A bracket that was never closed must not swallow the rest of the file.
            if (starts_definition()) {
                depth_ = 0;
                push(TokenKind::Newline, at, 1);
                at_line_start_ = true;
            }
            return;
        }
        if (!is_blank_line_) {
            push(TokenKind::Newline, at, 1);
        }
        at_line_start_ = true;
    }

    // The line at at_ begins, at column 0, with a word that cannot stand inside
    // brackets there.
    [[nodiscard]] bool starts_definition() const {
        const std::string_view rest = source_.substr(at_, std::min<std::size_t>(8, end_ - at_));
        return rest.starts_with("def ") || rest.starts_with("class ") ||
               rest.starts_with("import ");
    }

    void word() {
        const std::size_t begin = at_;
        while (at_ < end_ && is_word(source_[at_])) {
            ++at_;
        }
        const std::string_view text = source_.substr(begin, at_ - begin);
        const bool may_be_prefix = text.size() <= 2 && (peek() == '"' || peek() == '\'');
        if (may_be_prefix && text.find_first_not_of("rRbBuUfFtT") == std::string_view::npos) {
            string(begin, text);
        } else {
            push(TokenKind::Name, begin, at_ - begin);
        }
    }

    void number() {
        const std::size_t begin = at_;
        while (at_ < end_ && (is_word(source_[at_]) || source_[at_] == '.')) {
            ++at_;
        }
        push(TokenKind::Number, begin, at_ - begin);
    }

    // at_ is on the first quote.
    void string(std::size_t begin, std::string_view prefix) {
        const char quote = source_[at_];
        const bool is_triple = peek(1) == quote && peek(2) == quote;
        const std::size_t quotes = is_triple ? 3 : 1;
        const std::size_t inner = at_ + quotes;
        std::size_t at = inner;
        bool is_closed = false;
        while (at < end_) {
            if (source_[at] == '\\') {
                at += 2;
                continue;
            }
            if (source_[at] == quote && (!is_triple || (at + 2 < end_ && source_[at + 1] == quote &&
                                                        source_[at + 2] == quote))) {
                is_closed = true;
                break;
            }
            if (source_[at] == '\n' && !is_triple) {
                break;
            }
            ++at;
        }
        at = std::min(at, end_);
        push(TokenKind::String, begin, at - begin + (is_closed ? quotes : 0));
        Token& token = tokens_.back();
        token.inner = static_cast<std::uint32_t>(inner);
        token.inner_length = static_cast<std::uint32_t>(at - std::min(inner, at));
        for (const char sign : prefix) {
            token.is_raw = token.is_raw || sign == 'r' || sign == 'R';
            token.is_bytes = token.is_bytes || sign == 'b' || sign == 'B';
            token.is_format =
                token.is_format || sign == 'f' || sign == 'F' || sign == 't' || sign == 'T';
        }
        at_ = is_closed ? at + quotes : at;
    }

    void operator_sign(char ch) {
        static constexpr std::array<std::string_view, 26> kLong = {
            "**=", "//=", ">>=", "<<=", "...", "->", ":=", "**", "//", "==", "!=", "<=", ">=",
            "+=",  "-=",  "*=",  "/=",  "%=",  "|=", "&=", "^=", "@=", "<<", ">>", "<>", "&&",
        };
        if (ch == '(' || ch == '[' || ch == '{') {
            ++depth_;
        } else if (ch == ')' || ch == ']' || ch == '}') {
            depth_ -= depth_ > 0 ? 1 : 0;
        }
        // What nearly every sign is followed by makes no longer one.
        const bool may_be_long = at_ + 1 < end_ && std::string_view("=*/<>.&").find(source_[at_ + 1]
                                                   ) != std::string_view::npos;
        for (const std::string_view sign : kLong) {
            if (!may_be_long) {
                break;
            }
            if (source_.substr(at_, std::min(sign.size(), end_ - at_)) == sign) {
                push(TokenKind::Operator, at_, sign.size());
                at_ += sign.size();
                return;
            }
        }
        push(TokenKind::Operator, at_++, 1);
    }

    std::string_view source_;
    std::size_t at_;
    std::size_t end_;
    std::size_t depth_ = 0;
    bool at_line_start_ = true;
    bool is_blank_line_ = false;
    std::vector<std::size_t> indents_ = {0};
    std::vector<Token> tokens_;
};

} // namespace

std::vector<Token> lex_python(std::string_view source) {
    const std::size_t begin = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    return PythonLexer(source, begin, source.size()).lines();
}

std::vector<Token> lex_python_piece(std::string_view source, std::size_t begin, std::size_t end) {
    return PythonLexer(source, begin, end).piece();
}

std::string decode_python(std::string_view inner) {
    static constexpr std::string_view kFrom = "ntrabfv0";
    static constexpr std::string_view kTo("\n\t\r\a\b\f\v\0", 8);
    std::string out;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] != '\\' || i + 1 >= inner.size()) {
            out += inner[i];
            continue;
        }
        const char sign = inner[++i];
        const std::size_t known = kFrom.find(sign);
        if (sign == '\n') {
            continue; // a line that goes on
        }
        if (known != std::string_view::npos) {
            out += kTo[known];
        } else if (sign == '\\' || sign == '\'' || sign == '"' || sign == '`' || sign == '/') {
            out += sign;
        } else {
            out += '\\';
            out += sign;
        }
    }
    return out;
}

} // namespace railhub::scan
