// SPDX-License-Identifier: Apache-2.0
// Step 2: HTML, Markdown and RTF down to their text. Only tags with known names are tags, except in
// XML: license texts are full of <year> and <name of author>.
#include "core/license/fold_table.h"
#include "core/license/normalize.h"

#include <algorithm>
#include <array>
#include <optional>

namespace railhub::license {

namespace {

// Tags that do not end a word or line.
constexpr std::array<std::string_view, 22> kInlineTags = {
    "a",   "abbr", "b",    "bdi",   "big",  "cite",   "code", "em",  "font", "i", "ins",
    "kbd", "mark", "samp", "small", "span", "strong", "sub",  "sup", "tt",   "u", "var"};

constexpr std::array<std::string_view, 72> kBlockTags = {
    "address",   "alt",      "article",  "aside",  "blockquote", "body",     "br",
    "bullet",    "button",   "caption",  "center", "col",        "colgroup", "copyrighttext",
    "dd",        "del",      "details",  "dir",    "div",        "dl",       "dt",
    "fieldset",  "figure",   "footer",   "form",   "h1",         "h2",       "h3",
    "h4",        "h5",       "h6",       "head",   "header",     "hr",       "html",
    "iframe",    "img",      "input",    "item",   "label",      "legend",   "li",
    "link",      "list",     "main",     "menu",   "meta",       "nav",      "noscript",
    "ol",        "optional", "p",        "para",   "path",       "pre",      "script",
    "section",   "select",   "source",   "style",  "summary",    "svg",      "table",
    "tbody",     "td",       "textarea", "tfoot",  "th",         "thead",    "title",
    "titletext", "tr"};

struct Entity {
    std::string_view name;
    char32_t point;
};

// What no row names stands for something that is not part of a word.
constexpr std::array kEntities = {
    Entity{"amp", '&'},      Entity{"lt", '<'},       Entity{"gt", '>'},
    Entity{"quot", '"'},     Entity{"apos", '\''},    Entity{"copy", 0xA9},
    Entity{"ldquo", 0x201C}, Entity{"rdquo", 0x201D}, Entity{"lsquo", 0x2018},
    Entity{"rsquo", 0x2019}, Entity{"mdash", 0x2014}, Entity{"ndash", 0x2013},
    Entity{"shy", 0xAD},     Entity{"eacute", 0xE9},  Entity{"egrave", 0xE8},
    Entity{"agrave", 0xE0},  Entity{"uuml", 0xFC},    Entity{"ouml", 0xF6},
    Entity{"auml", 0xE4},    Entity{"szlig", 0xDF},   Entity{"ccedil", 0xE7},
};

constexpr std::size_t kMaxTagBytes = 4096;
constexpr std::size_t kMaxEntityBytes = 10;
constexpr std::size_t kMaxLinkBytes = 2048;

bool is_name_byte(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
}

// The next sign that markup may begin with, or the end.
std::size_t next_sign(std::string_view text, std::size_t from) {
    const auto is_sign = [](char ch) { return ch == '<' || ch == '&' || ch == ']'; };
    const auto* begin = text.begin() + static_cast<std::ptrdiff_t>(from);
    return static_cast<std::size_t>(std::find_if(begin, text.end(), is_sign) - text.begin());
}

template <std::size_t N>
bool has_name(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// The element name of "<name ...>" or "</name>" at `at`; empty when there is none.
std::string_view tag_name(std::string_view text, std::size_t at) {
    std::size_t begin = at + 1;
    if (begin < text.size() && text[begin] == '/') {
        ++begin;
    }
    std::size_t end = begin;
    while (end < text.size() && is_name_byte(text[end])) {
        ++end;
    }
    return text.substr(begin, end - begin);
}

std::optional<std::size_t>
find_before(std::string_view text, std::string_view what, std::size_t from, std::size_t limit) {
    const std::size_t found = text.substr(from, limit).find(what);
    return found == std::string_view::npos ? std::nullopt : std::optional(from + found);
}

class MarkupStripper {
  public:
    explicit MarkupStripper(MarkedText in)
        : in_(std::move(in)), is_xml_(std::string_view(in_.text).substr(0, 64).find("<?xml") == 0) {
    }

    MarkedText run() {
        const std::string_view text = in_.text;
        out_.text.reserve(text.size());
        out_.origin.reserve(text.size());
        while (at_ < text.size()) {
            if ((text[at_] == '<' && take_tag(text)) || (text[at_] == '&' && take_entity(text)) ||
                (text[at_] == ']' && take_link(text))) {
                continue;
            }
            // What follows, up to the next sign that markup may begin with, stays.
            append_until(next_sign(text, at_ + 1));
        }
        return std::move(out_);
    }

  private:
    void append_until(std::size_t end) {
        const auto from = static_cast<std::ptrdiff_t>(at_);
        const auto to = static_cast<std::ptrdiff_t>(end);
        out_.text.append(in_.text, at_, end - at_);
        out_.origin.insert(out_.origin.end(), in_.origin.begin() + from, in_.origin.begin() + to);
        at_ = end;
    }

    void skip_to(std::size_t end, char instead) {
        out_.append(instead, in_.origin[at_]);
        at_ = end;
    }

    // Comments lose only their delimiters: a license may stand in one.
    bool take_tag(std::string_view text) {
        if (text.substr(at_).starts_with("<!--")) {
            skip_to(at_ + 4, ' ');
            return true;
        }
        if (text.substr(at_).starts_with("<!doctype") || text.substr(at_).starts_with("<?xml")) {
            return take_until(text, ">", at_, '\n');
        }
        const std::string_view name = tag_name(text, at_);
        const bool is_inline = has_name(kInlineTags, name);
        if (name.empty() || (!is_inline && !is_xml_ && !has_name(kBlockTags, name))) {
            return false;
        }
        const std::size_t after = static_cast<std::size_t>(name.data() - text.data()) + name.size();
        if (is_xml_ && after < text.size() && text[after] == ':') { // <script:module ...>
            return take_until(text, ">", after, '\n');
        }
        if (after >= text.size() ||
            std::string_view(" \t\n/>").find(text[after]) == std::string_view::npos) {
            return false;
        }
        if ((name == "script" || name == "style") && text[at_ + 1] != '/') {
            const std::string close = "</" + std::string(name);
            const std::size_t end = text.find(close, after);
            skip_to(end == std::string_view::npos ? text.size() : end, '\n');
            return true;
        }
        if (!is_inline) {
            return take_until(text, ">", after, '\n');
        }
        const auto end = find_before(text, ">", after, kMaxTagBytes);
        if (end) {
            at_ = *end + 1;
        }
        return end.has_value();
    }

    bool take_until(std::string_view text, std::string_view what, std::size_t from, char instead) {
        const auto end = find_before(text, what, from, kMaxTagBytes);
        if (end) {
            skip_to(*end + what.size(), instead);
        }
        return end.has_value();
    }

    bool take_entity(std::string_view text) {
        const auto end = find_before(text, ";", at_ + 1, kMaxEntityBytes);
        if (!end || *end == at_ + 1) {
            return false;
        }
        const std::string_view name = text.substr(at_ + 1, *end - at_ - 1);
        const auto is_entity_byte = [](char ch) { return is_name_byte(ch) || ch == '#'; };
        if (!std::all_of(name.begin(), name.end(), is_entity_byte)) {
            return false;
        }
        append_folded(
            out_, name[0] == '#' ? numeric(name.substr(1)) : named(name), in_.origin[at_]
        );
        at_ = *end + 1;
        return true;
    }

    static char32_t named(std::string_view name) {
        for (const Entity& entity : kEntities) {
            if (entity.name == name) {
                return entity.point;
            }
        }
        return ' ';
    }

    static char32_t numeric(std::string_view digits) {
        const bool is_hex = digits.starts_with("x");
        char32_t value = 0;
        for (const char ch : digits.substr(is_hex ? 1 : 0)) {
            const bool is_digit = ch >= '0' && ch <= '9';
            if (!is_digit && !(is_hex && ch >= 'a' && ch <= 'f')) {
                return ' ';
            }
            const auto digit = static_cast<char32_t>(is_digit ? ch - '0' : ch - 'a' + 10);
            value = value * (is_hex ? 16U : 10U) + digit;
        }
        return value < 0x20 || value > 0x10FFFF ? ' ' : value;
    }

    // "](target)" after the text of a Markdown link.
    bool take_link(std::string_view text) {
        if (at_ + 1 >= text.size() || text[at_ + 1] != '(') {
            return false;
        }
        const auto end = find_before(text, ")", at_ + 2, kMaxLinkBytes);
        const std::string_view target =
            end ? text.substr(at_ + 2, *end - at_ - 2) : text.substr(0, 0);
        if (target.empty() || target.find_first_of(" \n") != std::string_view::npos) {
            return false;
        }
        skip_to(*end + 1, ' ');
        return true;
    }

    MarkedText in_;
    MarkedText out_;
    std::size_t at_ = 0;
    bool is_xml_ = false;
};

// Control words ("\par", "\fs20 ") and signs by number become blanks.
void blank_rtf_controls(std::string& text) {
    for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
        std::size_t end = at + 1;
        if (end < text.size() && text[end] == '\'') {
            end = std::min(end + 3, text.size());
        } else {
            while (end < text.size() && (is_name_byte(text[end]) || text[end] == '-')) {
                ++end;
            }
        }
        const bool breaks = text.compare(at, 4, "\\par") == 0;
        std::fill(
            text.begin() + static_cast<std::ptrdiff_t>(at),
            text.begin() + static_cast<std::ptrdiff_t>(end),
            breaks ? '\n' : ' '
        );
        at = end;
    }
}

} // namespace

MarkedText strip_markup(MarkedText in) {
    if (in.text.starts_with("{\\rtf")) {
        blank_rtf_controls(in.text);
    }
    if (next_sign(in.text, 0) == in.text.size()) {
        return in;
    }
    return MarkupStripper(std::move(in)).run();
}

} // namespace railhub::license
