// SPDX-License-Identifier: Apache-2.0
// License members of manifests, cards and source files: "license": "MIT", License: GPL-2+,
// MODULE_LICENSE("GPL"), <license>..</license>, License :: OSI Approved :: MIT License.
#include "core/license/detect_parts.h"
#include "core/license/expression.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace railhub::license {

namespace {

// In a label the one that comes with Perl; in prose it may be any word.
constexpr std::string_view kArtistic = "artistic";
constexpr std::string_view kArtisticId = "Artistic-1.0-Perl";

constexpr std::size_t kKeyBytes = 7; // "license"
constexpr std::size_t kLongestValue = 200;
constexpr std::size_t kLongestList = 1500;
constexpr std::size_t kMostLabels = 200;
constexpr std::size_t kMostListItems = 16;

constexpr std::array<std::string_view, 9> kKeyEndings = {
    "_expression", "-expression", "expression", "_name", "-name", "_id", "name", "type", "s"};

// Words of a label beside the names of licenses.
constexpr std::array<std::string_view, 16> kFillers = {
    "dual",
    "or",
    "and",
    "the",
    "license",
    "licenses",
    "version",
    "v",
    "either",
    "under",
    "file",
    "a",
    "software",
    "licensed",
    "only",
    "with"};

// Members of a license object whose values are no names.
constexpr std::array<std::string_view, 8> kMemberNames = {
    "type", "name", "url", "text", "id", "file", "distribution", "comments"};

struct Label {
    std::size_t begin = 0; // bytes of the value
    std::size_t end = 0;
    std::vector<std::string_view> values; // more than one: a choice
};

char small(char ch) {
    return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + ('a' - 'A')) : ch;
}

bool is_alphanumeric(char ch) {
    const char low = small(ch);
    return (low >= 'a' && low <= 'z') || (ch >= '0' && ch <= '9');
}

bool is_space(char ch) {
    return ch == ' ' || ch == '\t';
}

bool starts_with_folded(std::string_view text, std::string_view start) {
    return util::equal_ignore_case(text.substr(0, start.size()), start);
}

bool is_key(std::string_view bytes, std::size_t at) {
    const std::string_view word = bytes.substr(at, kKeyBytes);
    const bool spelled =
        util::equal_ignore_case(word, "license") || util::equal_ignore_case(word, "licence");
    return spelled && (at == 0 || !is_alphanumeric(bytes[at - 1]));
}

class LabelReader {
  public:
    LabelReader(std::string_view bytes, std::size_t key) : bytes_(bytes), at_(key + kKeyBytes) {
        before_ = key == 0 ? '\n' : bytes[key - 1];
    }

    std::optional<Label> read() {
        for (const std::string_view ending : kKeyEndings) {
            if (starts_with_folded(bytes_.substr(at_), ending)) {
                at_ += ending.size();
                break;
            }
        }
        if (!skip_separator()) {
            return std::nullopt;
        }
        return read_value();
    }

  private:
    [[nodiscard]] char here() const { return at_ < bytes_.size() ? bytes_[at_] : '\n'; }

    void skip_blanks() {
        while (is_space(here())) {
            ++at_;
        }
    }

    bool skip_separator() {
        if (before_ == '<') {
            return skip_tag();
        }
        if (here() == '"' || here() == '\'') {
            ++at_;
        }
        const std::size_t key_end = at_;
        skip_blanks();
        if (here() == '(' && at_ == key_end) { // a macro, not "license (see ...)"
            ++at_;
            return true;
        }
        if (here() == '=' || here() == ':') {
            while (here() == '=' || here() == ':' || here() == '>') {
                ++at_;
            }
            return true;
        }
        return before_ == '@' && at_ > key_end;
    }

    // "<license type="expression">" or "<license><name>"
    bool skip_tag() {
        const std::size_t close = bytes_.substr(at_, 80).find('>');
        if (close == std::string_view::npos) {
            return false;
        }
        at_ += close + 1;
        while (is_space(here()) || (here() == '\n' && at_ < bytes_.size()) || here() == '\r') {
            ++at_;
        }
        if (starts_with_folded(bytes_.substr(at_), "<name>")) {
            at_ += 6;
        }
        return here() != '<';
    }

    std::optional<Label> read_value() {
        skip_blanks();
        const char first = here();
        if (first == '[' || first == '{') {
            return read_list(first == '[' ? ']' : '}');
        }
        if (first == '"' || first == '\'') {
            ++at_;
            return one(bytes_.substr(at_, kLongestValue).find(first));
        }
        if (first == '\n' || first == '\r') {
            return read_dashes();
        }
        return one(std::min(
            bytes_.substr(at_, kLongestValue).find_first_of("\r\n<\"'"),
            bytes_.substr(at_, kLongestValue).size()
        ));
    }

    std::optional<Label> one(std::size_t length) const {
        if (length == std::string_view::npos || length == 0) {
            return std::nullopt;
        }
        Label label{at_, at_ + length, {}};
        std::string_view value = bytes_.substr(at_, length);
        // "License :: OSI Approved :: MIT License"
        if (const std::size_t colons = value.rfind("::"); colons != std::string_view::npos) {
            value.remove_prefix(colons + 2);
        }
        label.values.push_back(value);
        return label;
    }

    // The texts of a list or object of JSON and its kin.
    std::optional<Label> read_list(char close) {
        const std::string_view rest = bytes_.substr(at_, kLongestList);
        const std::size_t length = rest.find(close);
        if (length == std::string_view::npos) {
            return std::nullopt;
        }
        Label label{at_, at_ + length, {}};
        const std::string_view list = rest.substr(0, length);
        std::size_t open = list.find_first_of("\"'");
        while (open != std::string_view::npos && label.values.size() < kMostListItems) {
            const std::size_t end = list.find(list[open], open + 1);
            if (end == std::string_view::npos) {
                break;
            }
            const std::string_view item = list.substr(open + 1, end - open - 1);
            const bool is_member =
                std::find(kMemberNames.begin(), kMemberNames.end(), item) != kMemberNames.end();
            if (!is_member && item.find("://") == std::string_view::npos) {
                label.values.push_back(item);
            }
            open = list.find_first_of("\"'", end + 1);
        }
        return label.values.empty() ? std::nullopt : std::optional(std::move(label));
    }

    // The items of a list of YAML, one a line.
    std::optional<Label> read_dashes() {
        Label label{at_, at_, {}};
        while (label.values.size() < kMostListItems && at_ < bytes_.size()) {
            at_ = bytes_.find_first_not_of(" \t\r\n", at_);
            if (at_ == std::string_view::npos || !bytes_.substr(at_).starts_with("- ")) {
                break;
            }
            const std::size_t end = std::min(bytes_.find_first_of("\r\n", at_), bytes_.size());
            label.values.push_back(util::trim(bytes_.substr(at_ + 1, end - at_ - 1)));
            label.end = end;
            at_ = end;
        }
        return label.values.empty() ? std::nullopt : std::optional(std::move(label));
    }

    std::string_view bytes_;
    std::size_t at_;
    char before_ = '\n';
};

// An expression of known ids only; empty when it is none.
std::string known_expression(std::string_view value) {
    const LicenseNames& names = LicenseNames::built_in();
    const auto parsed =
        parse_expression(value, [&](std::string_view id) { return names.knows(id); });
    bool known = parsed.ok();
    const Expression spelled = known ? respelled(*parsed, known) : Expression();
    return known ? to_text(with_own_names(spelled)) : std::string();
}

// Names with nothing but "or", "and" and the like between them.
std::string named_expression(std::string_view value) {
    const NormalText text = normalize(value);
    const LicenseNames& names = LicenseNames::built_in();
    std::string out;
    std::string last_id;
    bool choice = false;
    std::uint32_t last_end = 0;
    for (std::uint32_t at = 0; at < text.words.size(); ++at) {
        NameHit hit = names.match(text, at);
        if (hit.id.empty() && text.spelling(at) == kArtistic) {
            hit.id = kArtisticId;
            hit.is_spdx = true;
            hit.end = at + 1;
        }
        if (hit.is_exception && !out.empty() && !out.ends_with(hit.id)) {
            out += " WITH " + hit.id;
            at = hit.end - 1;
            continue;
        }
        if (hit.id.empty()) {
            const std::string_view word = text.spelling(at);
            if (std::find(kFillers.begin(), kFillers.end(), word) == kFillers.end()) {
                return {};
            }
            choice = choice || word == "or";
            continue;
        }
        const std::size_t from = last_end == 0 ? 0 : text.words[last_end - 1].end;
        const std::string_view gap = value.substr(from, text.words[at].begin - from);
        choice = choice || gap.find_first_of("/|") != std::string_view::npos;
        const std::string one = hit.is_spdx ? hit.id : own_reference(hit.id);
        const std::string id = hit.second.empty() ? one : one + " OR " + hit.second;
        if (id != last_id) {
            out += out.empty() ? id : (choice ? " OR " : " AND ") + id;
            choice = false;
        }
        last_id = id;
        last_end = hit.end;
        at = hit.end - 1;
    }
    return out;
}

std::string expression_of_value(std::string_view value) {
    constexpr std::string_view kAfterValue = ",;*/)>\\ ";
    value = util::trim(value);
    while (!value.empty() && kAfterValue.find(value.back()) != std::string_view::npos) {
        value.remove_suffix(1);
    }
    if (value.empty() || value.size() > kLongestValue ||
        value.find("://") != std::string_view::npos) {
        return {};
    }
    if (std::string known = known_expression(value); !known.empty()) {
        return known;
    }
    std::string words(value);
    if (const std::size_t least = words.find(">="); least != std::string::npos) {
        words.replace(least, 2, " version "); // R: "GPL (>= 2)"
        words += " or later";
    }
    if (std::string named = named_expression(words); !named.empty()) {
        return named;
    }
    const std::size_t cut = words.find_first_of("(;,#");
    return cut == std::string::npos || cut == 0 ? std::string()
                                                : named_expression(words.substr(0, cut));
}

// MODULE_LICENSE("GPL"): the header that defines it says version 2 or later, in "Dual BSD/GPL"
// version 2.
std::string of_kernel(std::string expression) {
    constexpr std::string_view kAnyGpl = "GPL-1.0-or-later";
    if (expression == kAnyGpl) {
        return "GPL-2.0-or-later";
    }
    if (expression.ends_with(kAnyGpl)) {
        expression.replace(expression.size() - kAnyGpl.size(), kAnyGpl.size(), "GPL-2.0-only");
    }
    return expression;
}

// All values must be understood.
std::string expression_of_label(const Label& label) {
    std::string out;
    for (const std::string_view value : label.values) {
        std::string one = expression_of_value(value);
        if (one.empty()) {
            return {};
        }
        const bool joined = label.values.size() > 1 && one.find(' ') != std::string::npos;
        one = joined ? "(" + one + ")" : one;
        out += out.empty() ? one : " OR " + one;
    }
    return out;
}

} // namespace

Expression respelled(const Expression& expression, bool& known) {
    const LicenseNames& names = LicenseNames::built_in();
    Expression out = expression;
    if (expression.kind == Expression::Kind::License) {
        const auto respell = [&](std::string& id) {
            const bool is_own = id.empty() || id.find("LicenseRef-") != std::string::npos;
            const std::string spelled = is_own ? id : names.spelled(id);
            known = known && (is_own || !spelled.empty());
            id = spelled.empty() ? id : spelled;
        };
        respell(out.license.id);
        if (out.license.id.ends_with('+')) { // an id of its own once
            out.license.id.pop_back();
            out.license.or_later = true;
        }
        respell(out.license.exception);
        return normalised(out);
    }
    for (Expression& operand : out.operands) {
        operand = respelled(operand, known);
    }
    return out;
}

Expression with_own_names(const Expression& expression) {
    Expression out = expression;
    for (Expression& operand : out.operands) {
        const std::string& id = operand.license.id;
        const bool is_ours = operand.kind == Expression::Kind::License &&
                             LicenseNames::built_in().knows(id) &&
                             !LicenseNames::built_in().is_spdx(id);
        operand = with_own_names(operand);
        operand.license.id = is_ours ? own_reference(id) : id;
    }
    return out;
}

void add_labels(
    const NormalText& text, std::string_view bytes, std::vector<bool>& taken, Detection& out
) {
    if (text.is_binary) {
        return;
    }
    bytes = bytes.substr(0, kMaxTextBytes);
    std::size_t found = 0;
    for (std::size_t at = 0; at < bytes.size() && found < kMostLabels; ++at) {
        if ((bytes[at] != 'l' && bytes[at] != 'L') || !is_key(bytes, at)) {
            continue;
        }
        const std::optional<Label> label = LabelReader(bytes, at).read();
        std::string expression = label ? expression_of_label(*label) : std::string();
        if (bytes.substr(0, at).ends_with("MODULE_")) {
            expression = of_kernel(std::move(expression));
        }
        const WordRange words = label ? words_between(
                                            text,
                                            static_cast<std::uint32_t>(label->begin),
                                            static_cast<std::uint32_t>(label->end)
                                        )
                                      : WordRange{};
        if (expression.empty() || (words.size() > 0 && taken[words.begin])) {
            continue;
        }
        ++found;
        LicenseMatch match;
        match.kind = MatchKind::Tag;
        const bool is_single = expression.find(' ') == std::string::npos;
        match.id = is_single ? expression : std::string();
        match.expression = std::move(expression);
        match.place.begin = static_cast<std::uint32_t>(label->begin);
        match.place.end = static_cast<std::uint32_t>(label->end);
        match.place.first_line = text.line_of(match.place.begin);
        match.place.last_line = text.line_of(match.place.end);
        std::fill(taken.begin() + words.begin, taken.begin() + words.end, true);
        out.matches.push_back(std::move(match));
        at = label->end - 1;
    }
}

} // namespace railhub::license
