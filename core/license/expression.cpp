// SPDX-License-Identifier: Apache-2.0
// Recursive descent over tokens; ways to choose by multiplying out.
#include "core/license/expression.h"

#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace railhub::license {

namespace {

using util::Code;
using util::fail;
using util::Result;
using Kind = Expression::Kind;

constexpr std::size_t kMaxBytes = 4096;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxLicenses = 256;
constexpr std::size_t kMaxWays = 256;

bool is_id_char(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '-' || ch == '.';
}

bool is_id(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_id_char);
}

// "DocumentRef-x:LicenseRef-y": both halves have their prefix and something after it.
bool is_reference(std::string_view text, std::string_view prefix) {
    constexpr std::string_view kDocument = "DocumentRef-";
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        const std::string_view document = text.substr(0, colon);
        if (!document.starts_with(kDocument) || !is_id(document) ||
            document.size() == kDocument.size()) {
            return false;
        }
        text.remove_prefix(colon + 1);
    }
    return text.starts_with(prefix) && text.size() > prefix.size() && is_id(text);
}

struct Token {
    std::string_view text;
    std::size_t at = 0; // from 1
};

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    std::size_t i = 0;
    while (i < text.size()) {
        const char ch = text[i];
        if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r') {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        if (ch != '(' && ch != ')') {
            while (end < text.size() &&
                   std::string_view("() \t\n\r").find(text[end]) == std::string_view::npos) {
                ++end;
            }
        }
        tokens.push_back({text.substr(i, end - i), i + 1});
        i = end;
    }
    return tokens;
}

bool is_word(const Token& token, std::string_view capitals, std::string_view small) {
    return token.text == capitals || token.text == small;
}

class Parser {
  public:
    Parser(std::vector<Token> tokens, const KnownId& known)
        : tokens_(std::move(tokens)), known_(known) {}

    Result<Expression> run() {
        RAILHUB_TRY(Expression expression, either(0));
        if (next_ < tokens_.size()) {
            return unexpected("an operator");
        }
        return expression;
    }

  private:
    [[nodiscard]] bool at(std::string_view capitals, std::string_view small) const {
        return next_ < tokens_.size() && is_word(tokens_[next_], capitals, small);
    }

    [[nodiscard]] util::Error unexpected(std::string_view wanted) const {
        const bool ended = next_ >= tokens_.size();
        const std::string found = ended ? std::string("the end")
                                        : "'" + std::string(tokens_[next_].text) +
                                              "' at character " + std::to_string(tokens_[next_].at);
        return fail(
            Code::InvalidInput,
            "license expression has " + found + " where " + std::string(wanted) + " is due"
        );
    }

    Result<Expression> list(
        Kind kind,
        std::string_view capitals,
        std::string_view small,
        Result<Expression> (Parser::*operand)(std::size_t),
        std::size_t depth
    ) {
        RAILHUB_TRY(Expression first, (this->*operand)(depth));
        if (!at(capitals, small)) {
            return first;
        }
        Expression all;
        all.kind = kind;
        all.operands.push_back(std::move(first));
        while (at(capitals, small)) {
            ++next_;
            RAILHUB_TRY(Expression another, (this->*operand)(depth));
            all.operands.push_back(std::move(another));
        }
        return all;
    }

    Result<Expression> either(std::size_t depth) {
        return list(Kind::Or, "OR", "or", &Parser::both, depth);
    }

    Result<Expression> both(std::size_t depth) {
        return list(Kind::And, "AND", "and", &Parser::single, depth);
    }

    Result<Expression> single(std::size_t depth) {
        if (next_ < tokens_.size() && tokens_[next_].text == "(") {
            if (depth >= kMaxDepth) {
                return fail(Code::TooLarge, "license expression is nested too deeply");
            }
            ++next_;
            RAILHUB_TRY(Expression inner, either(depth + 1));
            if (next_ >= tokens_.size() || tokens_[next_].text != ")") {
                return unexpected("')'");
            }
            ++next_;
            return inner;
        }
        return simple();
    }

    Result<Expression> simple() {
        Expression leaf;
        RAILHUB_TRY(leaf.license, take_license());
        if (at("WITH", "with")) {
            ++next_;
            const bool fits =
                next_ < tokens_.size() &&
                (is_id(tokens_[next_].text) || is_reference(tokens_[next_].text, "AdditionRef-"));
            if (!fits || is_operator(tokens_[next_])) {
                return unexpected("an exception");
            }
            leaf.license.exception = std::string(tokens_[next_++].text);
        }
        return leaf;
    }

    static bool is_operator(const Token& token) {
        return is_word(token, "AND", "and") || is_word(token, "OR", "or") ||
               is_word(token, "WITH", "with");
    }

    Result<SimpleLicense> take_license() {
        if (next_ >= tokens_.size() || is_operator(tokens_[next_])) {
            return unexpected("a license");
        }
        if (++licenses_ > kMaxLicenses) {
            return fail(Code::TooLarge, "license expression names too many licenses");
        }
        std::string_view text = tokens_[next_].text;
        if (known_ && known_(text)) {
            ++next_;
            return SimpleLicense{std::string(text), false, {}};
        }
        const bool or_later = text.ends_with('+');
        if (or_later) {
            text.remove_suffix(1);
        }
        const bool is_ref = is_reference(text, "LicenseRef-");
        const bool fits = is_ref ? !or_later
                                 : is_id(text) && !text.starts_with("LicenseRef-") &&
                                       !text.starts_with("DocumentRef-");
        if (!fits) {
            return unexpected("a license");
        }
        ++next_;
        return SimpleLicense{std::string(text), or_later, {}};
    }

    std::vector<Token> tokens_;
    const KnownId& known_;
    std::size_t next_ = 0;
    std::size_t licenses_ = 0;
};

// "GPL-2.0-or-later" -> "GPL", {2, 0}, later. Licenses without a version have none.
struct Versioned {
    std::string stem;
    std::vector<unsigned> version;
    bool or_later = false;
    std::string tail; // what follows the version, such as "-no-invariants"
};

bool is_gnu(std::string_view stem) {
    constexpr std::array<std::string_view, 4> kFamilies = {"GPL", "LGPL", "AGPL", "GFDL"};
    return std::find(kFamilies.begin(), kFamilies.end(), stem) != kFamilies.end();
}

std::optional<std::vector<unsigned>> parse_version(std::string_view text) {
    std::vector<unsigned> numbers = {0};
    bool any = false;
    for (const char ch : text) {
        if (ch == '.') {
            if (!any) {
                return std::nullopt;
            }
            numbers.push_back(0);
            any = false;
        } else if (ch >= '0' && ch <= '9' && numbers.back() < 100000) {
            numbers.back() = numbers.back() * 10 + static_cast<unsigned>(ch - '0');
            any = true;
        } else {
            return std::nullopt;
        }
    }
    return any ? std::optional(numbers) : std::nullopt;
}

Versioned versioned(const SimpleLicense& license) {
    Versioned result{license.id, {}, license.or_later, {}};
    std::string_view id = license.id;
    for (const std::string_view suffix :
         {std::string_view("-only"), std::string_view("-or-later")}) {
        if (id.ends_with(suffix)) {
            id.remove_suffix(suffix.size());
            result.or_later = result.or_later || suffix == "-or-later";
        }
    }
    // The first part that is a number: "CC-BY-4.0", "BSD-3-Clause".
    std::size_t start = 0;
    while (start < id.size()) {
        const std::size_t end = std::min(id.find('-', start), id.size());
        const auto version = parse_version(id.substr(start, end - start));
        if (version && start > 0) {
            result.stem = std::string(id.substr(0, start - 1));
            result.version = *version;
            result.tail = std::string(id.substr(end));
            return result;
        }
        start = end + 1;
    }
    result.stem = std::string(id);
    return result;
}

std::string version_text(const std::vector<unsigned>& version) {
    std::string text;
    for (const unsigned number : version) {
        text += (text.empty() ? "" : ".") + std::to_string(number);
    }
    return text;
}

SimpleLicense normalised_license(const SimpleLicense& license) {
    const Versioned parts = versioned(license);
    if (!is_gnu(parts.stem) || parts.version.empty()) {
        return license;
    }
    return {
        parts.stem + "-" + version_text(parts.version) + parts.tail +
            (parts.or_later ? "-or-later" : "-only"),
        false,
        license.exception};
}

using Way = std::vector<SimpleLicense>;

Result<std::vector<Way>> multiplied(const std::vector<Way>& left, const std::vector<Way>& right) {
    if (left.size() * right.size() > kMaxWays) {
        return fail(Code::TooLarge, "license expression leaves too many choices");
    }
    std::vector<Way> ways;
    for (const Way& a : left) {
        for (const Way& b : right) {
            Way both = a;
            both.insert(both.end(), b.begin(), b.end());
            ways.push_back(std::move(both));
        }
    }
    return ways;
}

Result<std::vector<Way>> ways_of(const Expression& expression) {
    if (expression.kind == Kind::License) {
        return std::vector<Way>{{expression.license}};
    }
    std::vector<Way> ways;
    if (expression.kind == Kind::And) {
        ways.emplace_back();
    }
    for (const Expression& operand : expression.operands) {
        RAILHUB_TRY(std::vector<Way> own, ways_of(operand));
        if (expression.kind == Kind::And) {
            RAILHUB_TRY(ways, multiplied(ways, own));
        } else {
            ways.insert(ways.end(), own.begin(), own.end());
        }
    }
    if (ways.size() > kMaxWays) {
        return fail(Code::TooLarge, "license expression leaves too many choices");
    }
    return ways;
}

} // namespace

util::Result<Expression> parse_expression(std::string_view text, const KnownId& known) {
    if (text.size() > kMaxBytes) {
        return fail(Code::TooLarge, "license expression is longer than 4096 bytes");
    }
    return Parser(tokens_of(text), known).run();
}

std::string to_text(const SimpleLicense& license) {
    return license.id + (license.or_later ? "+" : "") +
           (license.exception.empty() ? "" : " WITH " + license.exception);
}

std::string to_text(const Expression& expression) {
    if (expression.kind == Kind::License) {
        return to_text(expression.license);
    }
    std::string text;
    for (const Expression& operand : expression.operands) {
        const bool bracketed = operand.kind != Kind::License && operand.kind != expression.kind &&
                               expression.kind == Kind::And;
        text += text.empty() ? "" : expression.kind == Kind::And ? " AND " : " OR ";
        text += bracketed ? "(" + to_text(operand) + ")" : to_text(operand);
    }
    return text;
}

Expression normalised(const Expression& expression) {
    if (expression.kind == Kind::License) {
        return {Kind::License, normalised_license(expression.license), {}};
    }
    Expression result;
    result.kind = expression.kind;
    for (const Expression& operand : expression.operands) {
        Expression inner = normalised(operand);
        if (inner.kind == expression.kind) {
            std::move(
                inner.operands.begin(), inner.operands.end(), std::back_inserter(result.operands)
            );
        } else {
            result.operands.push_back(std::move(inner));
        }
    }
    std::sort(
        result.operands.begin(),
        result.operands.end(),
        [](const Expression& a, const Expression& b) { return to_text(a) < to_text(b); }
    );
    result.operands.erase(
        std::unique(result.operands.begin(), result.operands.end()), result.operands.end()
    );
    return result.operands.size() == 1 ? Expression(result.operands.front()) : result;
}

util::Result<std::vector<std::vector<SimpleLicense>>> alternatives(const Expression& expression) {
    RAILHUB_TRY(std::vector<Way> ways, ways_of(expression));
    for (Way& way : ways) {
        std::sort(way.begin(), way.end());
        way.erase(std::unique(way.begin(), way.end()), way.end());
    }
    std::vector<Way> distinct;
    for (Way& way : ways) {
        if (std::find(distinct.begin(), distinct.end(), way) == distinct.end()) {
            distinct.push_back(std::move(way));
        }
    }
    return distinct;
}

bool covers(const SimpleLicense& accepted, const SimpleLicense& wanted) {
    if (accepted.exception != wanted.exception) {
        return false;
    }
    if (accepted.id == wanted.id && accepted.or_later == wanted.or_later) {
        return true;
    }
    const Versioned a = versioned(accepted);
    const Versioned w = versioned(wanted);
    if (a.stem != w.stem || a.tail != w.tail || a.version.empty() || w.version.empty()) {
        return false;
    }
    if (a.version == w.version) {
        return true;
    }
    // Two open ranges meet above the higher start.
    return a.version < w.version ? a.or_later : a.or_later && w.or_later;
}

util::Result<bool> satisfies(const Expression& expression, std::span<const std::string> accepted) {
    std::vector<SimpleLicense> list;
    for (const std::string& text : accepted) {
        RAILHUB_TRY(const Expression one, parse_expression(text));
        if (one.kind != Kind::License) {
            return fail(
                Code::InvalidInput, "accepted license '" + text + "' is more than one license"
            );
        }
        list.push_back(one.license);
    }
    RAILHUB_TRY(const auto ways, alternatives(expression));
    return std::any_of(ways.begin(), ways.end(), [&list](const Way& way) {
        return std::all_of(way.begin(), way.end(), [&list](const SimpleLicense& wanted) {
            return std::any_of(list.begin(), list.end(), [&wanted](const SimpleLicense& one) {
                return covers(one, wanted);
            });
        });
    });
}

} // namespace railhub::license
