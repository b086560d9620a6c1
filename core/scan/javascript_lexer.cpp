// SPDX-License-Identifier: Apache-2.0
#include "core/scan/javascript_lexer.h"

#include "core/scan/characters.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxTemplateDepth = 24;

// Behind a quoted text that begins at `at`, or npos where the line ends first.
std::size_t quoted_end(std::string_view source, std::size_t at, std::size_t end) {
    const char quote = source[at];
    for (std::size_t i = at + 1; i < end; ++i) {
        if (source[i] == '\\') {
            ++i;
        } else if (source[i] == quote) {
            return i + 1;
        } else if (source[i] == '\n') {
            break;
        }
    }
    return std::string_view::npos;
}

std::size_t
hole_end_in(std::string_view source, std::size_t at, std::size_t end, std::size_t depth);

std::size_t
template_end_in(std::string_view source, std::size_t at, std::size_t end, std::size_t depth) {
    std::size_t i = at + 1;
    while (i < end) {
        if (source[i] == '\\') {
            i += 2;
        } else if (source[i] == '`') {
            return i + 1;
        } else if (source[i] == '$' && i + 1 < end && source[i + 1] == '{' && depth > 0) {
            i = std::min(hole_end_in(source, i + 2, end, depth - 1) + 1, end);
        } else {
            ++i;
        }
    }
    return end;
}

std::size_t
hole_end_in(std::string_view source, std::size_t at, std::size_t end, std::size_t depth) {
    std::size_t braces = 0;
    std::size_t i = at;
    while (i < end) {
        const char ch = source[i];
        if (ch == '\'' || ch == '"') {
            const std::size_t next = quoted_end(source, i, end);
            i = next == std::string_view::npos ? i + 1 : next;
            continue;
        }
        if (ch == '`' && depth > 0) {
            i = template_end_in(source, i, end, depth - 1);
            continue;
        }
        if (ch == '}' && braces == 0) {
            return i;
        }
        braces += ch == '{' ? 1 : 0;
        braces -= ch == '}' ? 1 : 0;
        ++i;
    }
    return end;
}

class ScriptLexer {
  public:
    ScriptLexer(std::string_view source, std::size_t begin, std::size_t end)
        : source_(source), at_(begin), end_(std::min(end, source.size())) {}

    std::vector<ScriptToken> run() {
        if (at_ == 0 && source_.starts_with("#!")) {
            skip_line();
        }
        while (at_ < end_) {
            token();
        }
        push(ScriptTokenKind::End, end_, 0);
        return std::move(tokens_);
    }

  private:
    void push(ScriptTokenKind kind, std::size_t offset, std::size_t length) {
        tokens_.push_back(
            {kind,
             is_new_line_,
             static_cast<std::uint32_t>(offset),
             static_cast<std::uint32_t>(length)}
        );
        is_new_line_ = false;
        at_ = offset + length;
    }

    void skip_line() {
        while (at_ < end_ && source_[at_] != '\n') {
            ++at_;
        }
    }

    [[nodiscard]] char peek(std::size_t ahead) const {
        return at_ + ahead < end_ ? source_[at_ + ahead] : '\0';
    }

    void token() {
        const char ch = source_[at_];
        if (ch == '\n') {
            is_new_line_ = true;
            ++at_;
        } else if (ch == ' ' || ch == '\t' || ch == '\r' || ch == '\f' || ch == '\v') {
            ++at_;
        } else if (ch == '/' && peek(1) == '/') {
            skip_line();
        } else if (ch == '/' && peek(1) == '*') {
            const std::size_t close = source_.substr(0, end_).find("*/", at_ + 2);
            at_ = close == std::string_view::npos ? end_ : close + 2;
        } else if (is_word_start(ch) || ch == '$' || ch == '#') {
            std::size_t end = at_ + 1;
            while (end < end_ && (is_word(source_[end]) || source_[end] == '$')) {
                ++end;
            }
            push(ScriptTokenKind::Name, at_, end - at_);
        } else if (is_digit(ch)) {
            std::size_t end = at_;
            while (end < end_ && (is_word(source_[end]) || source_[end] == '.')) {
                ++end;
            }
            push(ScriptTokenKind::Number, at_, end - at_);
        } else if (ch == '"' || ch == '\'') {
            // An apostrophe in the text of a page's markup closes nothing.
            const std::size_t end =
                is_apostrophe() ? std::string_view::npos : quoted_end(source_, at_, end_);
            push(
                end == std::string_view::npos ? ScriptTokenKind::Sign : ScriptTokenKind::String,
                at_,
                end == std::string_view::npos ? 1 : end - at_
            );
        } else if (ch == '`') {
            push(ScriptTokenKind::Template, at_, template_end(source_, at_, end_) - at_);
        } else if (ch == '/' && may_be_pattern()) {
            pattern();
        } else {
            sign();
        }
    }

    // Don't: a quote inside a word, which in code only a keyword stands before.
    [[nodiscard]] bool is_apostrophe() const {
        static constexpr std::array<std::string_view, 9> kKeywords = {
            "return", "case", "typeof", "in", "of", "from", "import", "default", "else"};
        if (at_ == 0 || !is_word(source_[at_ - 1]) || tokens_.empty()) {
            return false;
        }
        const std::string_view last = source_.substr(tokens_.back().offset, tokens_.back().length);
        return std::find(kKeywords.begin(), kKeywords.end(), last) == kKeywords.end();
    }

    // A slash where an operand is due begins a regular expression.
    [[nodiscard]] bool may_be_pattern() const {
        static constexpr std::array<std::string_view, 8> kBefore = {
            "return", "typeof", "case", "in", "of", "delete", "void", "await"};
        if (tokens_.empty()) {
            return true;
        }
        const ScriptToken& last = tokens_.back();
        const std::string_view text = source_.substr(last.offset, last.length);
        if (last.kind == ScriptTokenKind::Name) {
            return std::find(kBefore.begin(), kBefore.end(), text) != kBefore.end();
        }
        return last.kind == ScriptTokenKind::Sign && text != ")" && text != "]" && text != "}" &&
               text != "<" && text != "++" && text != "--";
    }

    void pattern() {
        bool is_class = false;
        for (std::size_t i = at_ + 1; i < end_ && source_[i] != '\n'; ++i) {
            if (source_[i] == '\\') {
                ++i;
            } else if (source_[i] == '[') {
                is_class = true;
            } else if (source_[i] == ']') {
                is_class = false;
            } else if (source_[i] == '/' && !is_class) {
                std::size_t end = i + 1;
                while (end < end_ && is_letter(source_[end])) {
                    ++end;
                }
                push(ScriptTokenKind::Number, at_,
                     end - at_); // a constant of no interest
                return;
            }
        }
        sign();
    }

    void sign() {
        static constexpr std::array<std::string_view, 17> kLong = {
            "...",
            "=>",
            "?.",
            "?\?=",
            "??",
            "||=",
            "&&=",
            "||",
            "&&",
            "===",
            "!==",
            "==",
            "!=",
            "<=",
            ">=",
            "+=",
            "++",
        };
        for (const std::string_view one : kLong) {
            if (source_.substr(at_, std::min(one.size(), end_ - at_)) == one) {
                push(ScriptTokenKind::Sign, at_, one.size());
                return;
            }
        }
        push(ScriptTokenKind::Sign, at_, 1);
    }

    std::string_view source_;
    std::size_t at_;
    std::size_t end_;
    bool is_new_line_ = true;
    std::vector<ScriptToken> tokens_;
};

} // namespace

std::vector<ScriptToken>
lex_javascript(std::string_view source, std::size_t begin, std::size_t end) {
    return ScriptLexer(source, begin, end).run();
}

std::size_t template_end(std::string_view source, std::size_t at, std::size_t end) {
    return template_end_in(source, at, end, kMaxTemplateDepth);
}

std::size_t hole_end(std::string_view source, std::size_t at, std::size_t end) {
    return hole_end_in(source, at, end, kMaxTemplateDepth);
}

} // namespace railhub::scan
