// SPDX-License-Identifier: Apache-2.0
// Licenses by machine-readable label: SPDX tags, and "license" members of manifests and cards.
#include "core/license/detect_parts.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>

namespace railhub::license {

namespace {

constexpr std::size_t kLongestLabel = 300;
constexpr std::size_t kMostTags = 200;

constexpr std::string_view kTagName = "spdx-license-identifier:";

bool is_tag_name(std::string_view text) {
    return util::equal_ignore_case(text, kTagName) ||
           util::equal_ignore_case(text, "spdx-licence-identifier:");
}

bool is_label_byte(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           std::string_view("-.+:").find(ch) != std::string_view::npos;
}

bool is_operator(std::string_view word) {
    return word == "AND" || word == "OR" || word == "WITH" || word == "and" || word == "or" ||
           word == "with";
}

// Reads ids, operators and parentheses as long as they alternate; what follows is not the tag's.
std::string read_expression(std::string_view line, bool& is_single) {
    std::string out;
    bool wants_id = true;
    std::size_t ids = 0;
    std::size_t at = 0;
    std::size_t good = 0;
    while (at < line.size()) {
        const char ch = line[at];
        if (ch == ' ' || ch == '\t' || ch == '"' || ch == '\'') {
            ++at;
        } else if (ch == '(' && wants_id) {
            out += '(';
            ++at;
        } else if (ch == ')' && !wants_id) {
            out += ')';
            good = out.size();
            ++at;
        } else if (is_label_byte(ch)) {
            std::size_t end = at;
            while (end < line.size() && is_label_byte(line[end])) {
                ++end;
            }
            const std::string_view word = line.substr(at, end - at);
            if (is_operator(word) == wants_id || word.starts_with("-")) {
                break;
            }
            std::string upper(word);
            if (!wants_id) {
                std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
                    return static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
                });
                out += ' ' + upper + ' ';
            } else {
                out += word;
                good = out.size();
                ++ids;
            }
            wants_id = !wants_id;
            at = end;
        } else {
            break;
        }
    }
    out.resize(good);
    const auto open = std::count(out.begin(), out.end(), '(');
    const auto closed = std::count(out.begin(), out.end(), ')');
    is_single = ids == 1 && open == 0;
    return open == closed ? out : std::string();
}

// "the SPDX-License-Identifier: line of a file"
bool is_prose(std::string_view id) {
    return !LicenseNames::built_in().knows(id) &&
           std::all_of(id.begin(), id.end(), [](char ch) { return ch >= 'a' && ch <= 'z'; });
}

// "GPL-2.0+" as "GPL-2.0-or-later", "mit" as "MIT"; as it is where that does not apply.
std::string in_modern_ids(const std::string& expression) {
    bool known = true;
    const auto parsed = parse_expression(expression);
    if (!parsed.ok()) {
        return expression;
    }
    const std::string modern = to_text(with_own_names(respelled(*parsed, known)));
    return expression.front() == '(' && modern.find(' ') != std::string::npos &&
                   modern.front() != '('
               ? "(" + modern + ")"
               : modern;
}

std::string_view line_at(std::string_view bytes, std::size_t at) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", at), bytes.size());
    return bytes.substr(at, std::min(end - at, kLongestLabel));
}

LicenseMatch
tag_match(const NormalText& text, std::size_t begin, std::size_t end, std::string expression) {
    LicenseMatch match;
    match.kind = MatchKind::Tag;
    match.place.begin = static_cast<std::uint32_t>(begin);
    match.place.end = static_cast<std::uint32_t>(end);
    match.place.first_line = text.line_of(match.place.begin);
    match.place.last_line = match.place.first_line;
    match.expression = std::move(expression);
    return match;
}

} // namespace

void add_tags(
    const NormalText& text, std::string_view bytes, const std::vector<bool>& taken, Detection& out
) {
    if (text.is_binary) {
        return;
    }
    bytes = bytes.substr(0, kMaxTextBytes);
    std::size_t found = 0;
    for (std::size_t at = bytes.find(':'); at != std::string_view::npos && found < kMostTags;
         at = bytes.find(':', at + 1)) {
        const std::size_t size = kTagName.size() - 1;
        if (at < size || !is_tag_name(bytes.substr(at - size, size + 1))) {
            continue;
        }
        bool is_single = false;
        const std::string_view line = line_at(bytes, at + 1);
        std::string expression = read_expression(line, is_single);
        const WordRange words = words_between(
            text,
            static_cast<std::uint32_t>(at - size),
            static_cast<std::uint32_t>(at + 1 + line.size())
        );
        if (expression.empty() || (words.size() > 0 && taken[words.begin])) {
            continue;
        }
        if (is_single && is_prose(expression)) {
            continue;
        }
        ++found;
        expression = in_modern_ids(expression);
        LicenseMatch match = tag_match(text, at - size, at + 1 + line.size(), expression);
        match.id = is_single ? std::move(expression) : std::string();
        out.matches.push_back(std::move(match));
    }
}

} // namespace railhub::license
