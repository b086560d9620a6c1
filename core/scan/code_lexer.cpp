// SPDX-License-Identifier: Apache-2.0
#include "core/scan/code_lexer.h"

#include "core/scan/characters.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxCodeDepth = 400;

class CodeLexer {
  public:
    CodeLexer(std::string_view text, CodeFamily family) : text_(text), family_(family) {}

    std::vector<CodeToken> run() {
        while (at_ < text_.size() && tokens_.size() < kMaxCodeTokens) {
            step();
        }
        return std::move(tokens_);
    }

  private:
    [[nodiscard]] bool starts(std::string_view what) const {
        return text_.compare(at_, what.size(), what) == 0;
    }

    void step() {
        const char ch = text_[at_];
        if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r') {
            ++at_;
        } else if (skip_comment()) {
            return;
        } else if (family_ == CodeFamily::Rust && raw_text()) {
            return;
        } else if (starts("\"\"\"")) {
            quoted("\"\"\"", Escapes::None);
        } else if (ch == '"') {
            // @"..." of C# and R"..." have no escapes.
            quoted("\"", before() == '@' ? Escapes::None : Escapes::Backslash);
        } else if (ch == '`') {
            quoted("`", Escapes::None);
        } else if (ch == '\'') {
            apostrophe();
        } else if (is_word_start(ch)) {
            word();
        } else if (is_digit(ch)) {
            number();
        } else {
            sign();
        }
    }

    enum class Escapes : std::uint8_t { None, Backslash };

    [[nodiscard]] char before() const { return at_ == 0 ? '\0' : text_[at_ - 1]; }

    bool skip_comment() {
        const bool is_braces = family_ == CodeFamily::Braces || family_ == CodeFamily::Rust;
        const bool is_line =
            (is_braces && starts("//")) ||
            (family_ == CodeFamily::Hashes && (starts("#") || starts("//")) && before() != ':') ||
            (family_ == CodeFamily::Dashes && starts("--"));
        if (is_line) {
            at_ = std::min(text_.find('\n', at_), text_.size());
            return true;
        }
        if (family_ != CodeFamily::Dashes && starts("/*")) {
            const std::size_t close = text_.find("*/", at_ + 2);
            at_ = close == std::string_view::npos ? text_.size() : close + 2;
            return true;
        }
        return false;
    }

    // r"..." and r#"..."#
    bool raw_text() {
        std::size_t at = at_ + (starts("br") ? 2 : 1);
        const bool is_start = (text_[at_] == 'r' || starts("br")) && !is_word(before());
        std::size_t hashes = 0;
        while (is_start && at < text_.size() && text_[at] == '#') {
            ++hashes;
            ++at;
        }
        if (!is_start || at >= text_.size() || text_[at] != '"') {
            return false;
        }
        const std::string close = '"' + std::string(hashes, '#');
        at_ = at;
        quoted(close, Escapes::None);
        return true;
    }

    // From the opening quote to `close`, which begins with the same sign.
    void quoted(std::string_view close, Escapes escapes) {
        const std::size_t quotes = close.starts_with("\"\"\"") ? 3 : 1;
        const std::size_t begin = at_ + quotes;
        std::size_t at = begin;
        while (at < text_.size() && text_.compare(at, close.size(), close) != 0) {
            if (text_[at] == '\n' && escapes == Escapes::Backslash && family_ != CodeFamily::Rust) {
                break; // an apostrophe or a quote that stands alone
            }
            at += text_[at] == '\\' && escapes == Escapes::Backslash ? 2 : 1;
        }
        at = std::min(at, text_.size());
        push(CodeTokenKind::Text, begin, text_.substr(begin, at - begin));
        at_ = std::min(at + close.size(), text_.size());
    }

    // A text in some languages, a character or a lifetime in others.
    void apostrophe() {
        if (family_ == CodeFamily::Hashes || family_ == CodeFamily::Dashes) {
            quoted("'", Escapes::Backslash);
            return;
        }
        const bool is_escape = at_ + 1 < text_.size() && text_[at_ + 1] == '\\';
        const std::size_t close = text_.find('\'', at_ + (is_escape ? 3 : 1));
        const std::size_t length = close == std::string_view::npos ? 0 : close - at_;
        constexpr std::size_t kLongestCharacter = 12;
        const bool is_lifetime = family_ == CodeFamily::Rust && !is_escape && length != 2;
        if (length == 0 || is_lifetime ||
            text_.substr(at_, length).find('\n') != std::string_view::npos) {
            ++at_;
        } else if (length > kLongestCharacter) {
            quoted("'", Escapes::Backslash); // Groovy, Dart, PHP
        } else {
            at_ = close + 1;
        }
    }

    void word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_word(text_[at_])) {
            ++at_;
        }
        push(CodeTokenKind::Word, begin, text_.substr(begin, at_ - begin));
    }

    void number() {
        while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) {
            ++at_;
        }
    }

    void sign() {
        static constexpr std::array<std::string_view, 15> kLong = {
            "::",
            ":=",
            "=>",
            "->",
            "==",
            "!=",
            "<=",
            ">=",
            "<-",
            "??",
            "||",
            "&&",
            "+=",
            "?:",
            "?."};
        std::size_t length = 1;
        // What nearly every sign is followed by makes no longer one.
        if (at_ + 1 < text_.size() &&
            std::string_view(":=>-?|&.").find(text_[at_ + 1]) != std::string_view::npos) {
            for (const std::string_view one : kLong) {
                length = starts(one) ? one.size() : length;
            }
        }
        const std::string_view text = text_.substr(at_, length);
        push(CodeTokenKind::Sign, at_, text);
        if ((text == "(" || text == "[" || text == "{") && open_.size() < kMaxCodeDepth) {
            open_.push_back(tokens_.size() - 1);
        } else if (text == ")" || text == "]" || text == "}") {
            close(text.front());
        }
        at_ += length;
    }

    // A bracket that fits none is passed over; one that was left open ends with the one around it.
    void close(char sign) {
        const char wanted = sign == ')' ? '(' : sign == ']' ? '[' : '{';
        const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](std::size_t one) {
            return tokens_[one].text.front() == wanted;
        });
        if (found == open_.rend()) {
            return;
        }
        const std::size_t opening = *found;
        open_.erase(found.base() - 1, open_.end());
        tokens_[opening].partner = tokens_.size() - 1;
        tokens_.back().partner = opening;
        tokens_.back().parent = tokens_[opening].parent;
    }

    void push(CodeTokenKind kind, std::size_t offset, std::string_view text) {
        CodeToken token;
        token.kind = kind;
        token.offset = offset;
        token.text = text;
        token.partner = tokens_.size();
        token.parent = open_.empty() ? CodeToken::kNoOne : open_.back();
        tokens_.push_back(token);
    }

    std::string_view text_;
    CodeFamily family_;
    std::size_t at_ = 0;
    std::vector<CodeToken> tokens_;
    std::vector<std::size_t> open_;
};

} // namespace

std::vector<CodeToken> lex_code(std::string_view text, CodeFamily family) {
    return CodeLexer(text, family).run();
}

CodeFamily code_family_of(std::string_view path) {
    static constexpr std::array<std::string_view, 9> kHashes = {
        "rb", "ex", "exs", "jl", "r", "pl", "tf", "hcl", "nix"};
    const std::string ending = util::lower(path.substr(path.rfind('.') + 1));
    if (ending == "rs") {
        return CodeFamily::Rust;
    }
    if (ending == "lua") {
        return CodeFamily::Dashes;
    }
    return std::find(kHashes.begin(), kHashes.end(), ending) != kHashes.end() ? CodeFamily::Hashes
                                                                              : CodeFamily::Braces;
}

} // namespace railhub::scan
