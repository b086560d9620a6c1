// SPDX-License-Identifier: Apache-2.0
// Lists by their bullets and indentation.
#include "tests/tools/fingerprint/clause_spans.h"

#include "core/util/text.h"

#include <algorithm>
#include <optional>

namespace railhub::tools {

namespace {

struct Item {
    std::size_t begin = 0; // bytes
    std::size_t end = 0;
    std::size_t indent = 0;
    std::size_t number = 0; // as written, 0 when it is no number
};

struct TextLine {
    std::size_t begin = 0;
    std::string_view text;
    std::size_t indent = 0;

    [[nodiscard]] bool is_blank() const { return indent == text.size(); }
};

std::vector<TextLine> lines_from(std::string_view text, std::size_t begin) {
    std::vector<TextLine> lines;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        TextLine line{begin, text.substr(begin, end - begin), 0};
        line.indent = std::min(line.text.find_first_not_of(" \t\r"), line.text.size());
        lines.push_back(line);
        begin = end + 1;
    }
    return lines;
}

// "- ", "* ", "(a) ", "3. ", "iv)": the sign, and its number if it is one.
std::optional<std::size_t> bullet_number(const TextLine& line) {
    const std::string_view text = line.text.substr(line.indent);
    if (text.starts_with("- ") || text.starts_with("-\t") || text.starts_with("* ") ||
        text.starts_with("\xE2\x80\xA2")) {
        return 0;
    }
    const bool open = text.starts_with("(");
    std::size_t at = open ? 1 : 0;
    const std::size_t start = at;
    while (at < text.size() && at - start < 5 &&
           std::isalnum(static_cast<unsigned char>(text[at])) != 0) {
        ++at;
    }
    const std::string_view sign = text.substr(start, at - start);
    const bool closes = at < text.size() && (text[at] == ')' || (text[at] == '.' && !open));
    const auto number = util::parse_decimal(sign);
    const bool counts =
        number || sign.size() == 1 || sign.find_first_not_of("ivx") == std::string_view::npos;
    if (sign.empty() || !closes || !counts) {
        return std::nullopt;
    }
    return number ? static_cast<std::size_t>(*number) : 0;
}

std::size_t heading_end(std::string_view text, const std::string& heading) {
    const std::size_t at = util::lower(text).rfind(heading);
    return at == std::string::npos ? text.size() : std::min(text.find('\n', at), text.size());
}

// Items end where the next begins, or at a blank line before something that is none.
std::vector<Item> items_of(std::string_view text, const ClauseSource& source) {
    std::vector<Item> items;
    const std::vector<TextLine> lines = lines_from(text, heading_end(text, source.heading));
    bool after_blank = false;
    bool open = false;
    for (const TextLine& line : lines) {
        if (line.is_blank()) {
            after_blank = true;
            continue;
        }
        const bool indented = source.layout == "indented";
        const auto number = indented
                                ? (line.indent > 0 ? std::optional<std::size_t>(0) : std::nullopt)
                                : bullet_number(line);
        if (number) {
            items.push_back({line.begin, line.begin + line.text.size(), line.indent, *number});
            open = true;
        } else if (open && !after_blank) {
            items.back().end = line.begin + line.text.size();
        } else if (open && after_blank && line.indent == 0 && !items.empty() && source.layout == "flat") {
            open = false;
        } else if (open && line.indent > 0) {
            items.back().end = line.begin + line.text.size();
        }
        after_blank = false;
    }
    return items;
}

// "A.2c" or "2.c" -> {2, 3}; "5" -> {5}.
std::vector<std::size_t> path_of(std::string_view section) {
    if (section.starts_with("A.")) {
        section.remove_prefix(2);
    }
    std::vector<std::size_t> path;
    std::size_t at = 0;
    while (at < section.size() && section[at] >= '0' && section[at] <= '9') {
        ++at;
    }
    if (const auto number = util::parse_decimal(section.substr(0, at))) {
        path.push_back(static_cast<std::size_t>(*number));
    }
    const std::string_view rest = section.substr(std::min(section.size(), at));
    for (const char ch : rest) {
        if (ch >= 'a' && ch <= 'z') {
            path.push_back(static_cast<std::size_t>(ch - 'a') + 1);
        }
    }
    return path;
}

// The item at a path, with all below it.
std::optional<Item> item_at(const std::vector<Item>& items, const std::vector<std::size_t>& path) {
    if (items.empty() || path.empty() || path.size() > 2) {
        return std::nullopt;
    }
    const std::size_t top = items.front().indent;
    std::size_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].indent > top) {
            continue;
        }
        ++count;
        const std::size_t number = items[i].number != 0 ? items[i].number : count;
        if (number != path[0]) {
            continue;
        }
        std::size_t last = i + 1;
        while (last < items.size() && items[last].indent > top) {
            ++last;
        }
        if (path.size() == 1) {
            Item whole = items[i];
            whole.end = items[last - 1].end;
            return whole;
        }
        std::size_t below = 0;
        for (std::size_t j = i + 1; j < last; ++j) {
            if (items[j].indent != items[i + 1].indent || ++below != path[1]) {
                continue;
            }
            Item found = items[j];
            for (std::size_t k = j + 1; k < last && items[k].indent > found.indent; ++k) {
                found.end = items[k].end;
            }
            return found;
        }
        return std::nullopt;
    }
    return std::nullopt;
}

std::uint32_t word_at(const license::NormalText& words, std::size_t byte) {
    const auto found = std::lower_bound(
        words.words.begin(),
        words.words.end(),
        byte,
        [](const license::Word& word, std::size_t at) { return word.begin < at; }
    );
    return static_cast<std::uint32_t>(found - words.words.begin());
}

} // namespace

std::vector<ClauseSource> parse_clause_sources(std::string_view rows) {
    std::vector<ClauseSource> sources;
    for (const std::string_view row : util::split(rows, '\n')) {
        const auto cells = util::split(row, '\t');
        if (cells.size() == 4 && !row.starts_with("#")) {
            sources.push_back(
                {std::string(cells[0]),
                 std::string(cells[1]),
                 std::string(cells[2]),
                 std::string(util::trim(cells[3]))}
            );
        }
    }
    return sources;
}

std::vector<license::ClauseSpan> clause_spans(
    const ClauseSource& source, std::string_view text, const std::vector<std::string>& sections
) {
    const std::vector<Item> items = items_of(text, source);
    const license::NormalText words = license::normalize(text);
    std::vector<license::ClauseSpan> spans;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        std::optional<Item> item;
        if (source.layout == "nested") {
            item = item_at(items, path_of(sections[i]));
        } else if (i < items.size()) {
            item = items[i];
        }
        if (!item) {
            continue;
        }
        license::ClauseSpan span{
            source.set, sections[i], 0, word_at(words, item->begin), word_at(words, item->end)};
        if (span.end >= span.begin + license::kGramWords) {
            spans.push_back(std::move(span));
        }
    }
    return spans;
}

} // namespace railhub::tools
