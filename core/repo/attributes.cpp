// SPDX-License-Identifier: Apache-2.0
// gitattributes(5) as far as the attribute "filter" needs it: patterns, quoting, macros,
// precedence.
#include "core/repo/detail/wildmatch.h"
#include "core/repo/placement.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::repo {

namespace {

constexpr std::size_t kLongestLine = 2048; // as git
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kMacroPrefix = "[attr]";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    return word;
}

std::optional<char> unescaped(char c) {
    constexpr std::string_view kFrom = "abfnrtv\\\"";
    constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\\"";
    const std::size_t at = kFrom.find(c);
    return at == kFrom.npos ? std::nullopt : std::optional(kTo[at]);
}

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

// "..." with escapes as in C; nullopt when it is malformed. The line moves on behind it.
std::optional<std::string> take_quoted(std::string_view& line) {
    std::string out;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] == '"') {
            line.remove_prefix(i + 1);
            return out;
        }
        if (line[i] != '\\') {
            out += line[i];
            continue;
        }
        const std::string_view rest = line.substr(i + 1);
        if (rest.size() >= 3 && rest[0] <= '3' && is_octal(rest[0]) && is_octal(rest[1]) &&
            is_octal(rest[2])) {
            const int value = (rest[0] - '0') * 64 + (rest[1] - '0') * 8 + (rest[2] - '0');
            out += static_cast<char>(value);
            i += 3;
            continue;
        }
        const auto plain = rest.empty() ? std::nullopt : unescaped(rest[0]);
        if (!plain) {
            return std::nullopt;
        }
        out += *plain;
        ++i;
    }
    return std::nullopt;
}

std::size_t depth_of(std::string_view folder) {
    return folder.empty()
               ? 0
               : 1 + static_cast<std::size_t>(std::count(folder.begin(), folder.end(), '/'));
}

} // namespace

Attributes::Assignment Attributes::parse_assignment(std::string_view word) {
    using State = Assignment::State;
    if (word.starts_with('-') || word.starts_with('!')) {
        const State state = word.front() == '-' ? State::Unset : State::Unspecified;
        return {std::string(word.substr(1)), state, {}};
    }
    const std::size_t equals = word.find('=');
    if (equals == word.npos) {
        return {std::string(word), State::Set, {}};
    }
    return {
        std::string(word.substr(0, equals)), State::Value, std::string(word.substr(equals + 1))};
}

void Attributes::add_line(std::string_view folder, std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty() || line.front() == '#' || line.size() >= kLongestLine) {
        return;
    }
    std::string pattern;
    if (line.front() == '"') {
        auto quoted = take_quoted(line);
        if (!quoted) {
            return;
        }
        pattern = std::move(*quoted);
    } else {
        pattern = take_word(line);
    }
    std::vector<Assignment> assignments;
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
        assignments.push_back(parse_assignment(word));
    }
    if (pattern.starts_with(kMacroPrefix)) {
        if (folder.empty()) { // git takes macros from the top folder only
            macros_[pattern.substr(kMacroPrefix.size())] = std::move(assignments);
        }
        return;
    }
    // Negative patterns mean nothing in attribute files; folders have no attributes that we ask
    // for.
    if (pattern.starts_with('!') || pattern.ends_with('/')) {
        return;
    }
    pattern.erase(0, pattern.starts_with("\\!") ? 1 : 0);
    Rule rule{std::string(folder), std::move(pattern), std::move(assignments)};
    const auto place = std::upper_bound(
        rules_.begin(),
        rules_.end(),
        depth_of(folder),
        [](std::size_t depth, const Rule& other) { return depth < depth_of(other.folder); }
    );
    rules_.insert(place, std::move(rule));
}

void Attributes::add(std::string_view folder, std::string_view text) {
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    for (const std::string_view line : util::split(text, '\n')) {
        add_line(folder, line);
    }
}

// What one path has: rules from the strongest to the weakest, the first word about an attribute
// stays.
class Attributes::Lookup {
  public:
    explicit Lookup(const Attributes& attributes) : attributes_(attributes) {}

    void take(const std::vector<Assignment>& assignments) {
        for (auto it = assignments.rbegin(); it != assignments.rend(); ++it) {
            if (!found_.emplace(it->name, &*it).second) {
                continue;
            }
            const auto macro = attributes_.macros_.find(it->name);
            if (it->state == Assignment::State::Set && macro != attributes_.macros_.end()) {
                take(macro->second);
            }
        }
    }

    [[nodiscard]] bool has(std::string_view name) const {
        return found_.find(name) != found_.end();
    }

    [[nodiscard]] Lfs filter() const {
        const auto found = found_.find("filter");
        if (found == found_.end() || found->second->state == Assignment::State::Unspecified) {
            return Lfs::Unspecified;
        }
        const Assignment& filter = *found->second;
        return filter.state == Assignment::State::Value && filter.value == "lfs" ? Lfs::Yes
                                                                                 : Lfs::No;
    }

  private:
    const Attributes& attributes_;
    std::map<std::string, const Assignment*, std::less<>> found_;
};

Attributes::Lfs Attributes::lfs(std::string_view path) const {
    Lookup lookup(*this);
    for (auto rule = rules_.rbegin(); rule != rules_.rend() && !lookup.has("filter"); ++rule) {
        if (detail::path_pattern_matches(rule->folder, rule->pattern, path)) {
            lookup.take(rule->assignments);
        }
    }
    return lookup.filter();
}

} // namespace railhub::repo
