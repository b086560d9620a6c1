// SPDX-License-Identifier: Apache-2.0
#include "core/scan/document.h"

#include "core/scan/python_lexer.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::scan {

namespace {

constexpr std::size_t kMaxFlowDepth = 60;

// JSON with comments, bare words and commas too many; also the flow style of
// YAML and TOML.
class FlowReader {
  public:
    FlowReader(std::string_view text, std::vector<Entry>& out, std::uint32_t& lists)
        : text_(text), out_(out), lists_(lists) {}

    // A value at `at`, below `path`; returns where it ends.
    std::size_t value(std::size_t at, std::vector<std::string>& path, std::uint32_t list) {
        at_ = at;
        read_value(path, list, 0);
        return at_;
    }

  private:
    void blank() {
        while (at_ < text_.size()) {
            const char ch = text_[at_];
            if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == ',') {
                ++at_;
            } else if (ch == '#' || (ch == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '/')) {
                while (at_ < text_.size() && text_[at_] != '\n') {
                    ++at_;
                }
            } else if (ch == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '*') {
                const std::size_t close = text_.find("*/", at_ + 2);
                at_ = close == std::string_view::npos ? text_.size() : close + 2;
            } else {
                return;
            }
        }
    }

    void
    add(const std::vector<std::string>& path,
        std::string value,
        std::size_t offset,
        std::uint32_t list) {
        if (out_.size() < kMaxEntries) {
            out_.push_back({path, std::move(value), offset, list, false});
        }
    }

    void read_value(std::vector<std::string>& path, std::uint32_t list, std::size_t depth) {
        blank();
        if (at_ >= text_.size()) {
            return;
        }
        const char ch = text_[at_];
        if (depth > kMaxFlowDepth) {
            ++at_;
        } else if (ch == '{') {
            object(path, depth);
        } else if (ch == '[') {
            array(path, depth);
        } else if (ch == '}' || ch == ']') {
            return;
        } else {
            const std::size_t offset = at_;
            std::string text = scalar();
            add(path, std::move(text), offset, list);
        }
    }

    void object(std::vector<std::string>& path, std::size_t depth) {
        ++at_;
        while (true) {
            blank();
            if (at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']') {
                at_ += at_ < text_.size() && text_[at_] == '}' ? 1 : 0;
                return;
            }
            const std::size_t before = at_;
            std::string key = scalar();
            blank();
            if (at_ < text_.size() && (text_[at_] == ':' || text_[at_] == '=')) {
                ++at_;
                if (key.find('/') != std::string::npos && out_.size() < kMaxEntries) {
                    out_.push_back({path, key, before, 0, true});
                }
                path.push_back(std::move(key));
                read_value(path, 0, depth + 1);
                path.pop_back();
            }
            at_ += at_ == before ? 1 : 0;
        }
    }

    void array(std::vector<std::string>& path, std::size_t depth) {
        ++at_;
        const std::uint32_t list = ++lists_;
        while (true) {
            blank();
            if (at_ >= text_.size() || text_[at_] == ']' || text_[at_] == '}') {
                at_ += at_ < text_.size() && text_[at_] == ']' ? 1 : 0;
                return;
            }
            const std::size_t before = at_;
            read_value(path, list, depth + 1);
            at_ += at_ == before ? 1 : 0;
        }
    }

    std::string scalar() {
        const char quote = text_[at_];
        if (quote != '"' && quote != '\'') {
            const std::size_t begin = at_;
            while (at_ < text_.size() &&
                   std::string_view(",]}\n{[").find(text_[at_]) == std::string_view::npos &&
                   !is_key_end()) {
                ++at_;
            }
            return std::string(util::trim(text_.substr(begin, at_ - begin)));
        }
        const std::size_t quotes = text_.substr(at_, 3) == std::string(3, quote) ? 3 : 1;
        const std::size_t begin = at_ + quotes;
        std::size_t at = begin;
        while (at < text_.size()) {
            if (text_[at] == '\\' && quote == '"') {
                at += 2;
                continue;
            }
            if (text_[at] == quote &&
                (quotes == 1 || text_.substr(at, 3) == std::string(3, quote))) {
                break;
            }
            ++at;
        }
        at = std::min(at, text_.size());
        at_ = std::min(at + quotes, text_.size());
        const std::string_view inner = text_.substr(begin, at - begin);
        return quote == '"' ? decode_python(inner) : std::string(inner);
    }

    // A colon or an equals sign behind a bare key.
    [[nodiscard]] bool is_key_end() const {
        if (text_[at_] == '=') {
            return true;
        }
        return text_[at_] == ':' &&
               (at_ + 1 >= text_.size() || text_[at_ + 1] == ' ' || text_[at_ + 1] == '\n');
    }

    std::string_view text_;
    std::vector<Entry>& out_;
    std::uint32_t& lists_;
    std::size_t at_ = 0;
};

// The part of a line before its comment.
std::string_view without_comment(std::string_view line) {
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quote != 0) {
            quote = line[i] == quote ? '\0' : quote;
        } else if ((line[i] == '"' || line[i] == '\'') && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '[' || line[i - 1] == '(' || line[i - 1] == ':' || line[i - 1] == '=')) {
            quote = line[i];
        } else if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
            return line.substr(0, i);
        }
    }
    return line;
}

std::string_view without_quotes(std::string_view text) {
    text = util::trim(text);
    const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                           text.back() == text.front();
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

class YamlReader {
  public:
    explicit YamlReader(std::string_view text) : text_(text) {}

    std::vector<Entry> run() {
        while (at_ < text_.size() && out_.size() < kMaxEntries) {
            line();
        }
        return std::move(out_);
    }

  private:
    struct Level {
        std::size_t indent = 0;
        std::string key = {};
        std::uint32_t list = 0;
    };

    [[nodiscard]] std::size_t line_end(std::size_t at) const {
        const std::size_t end = text_.find('\n', at);
        return end == std::string_view::npos ? text_.size() : end;
    }

    void line() {
        const std::size_t begin = at_;
        const std::size_t end = line_end(begin);
        at_ = end + 1;
        std::string_view rest = without_comment(text_.substr(begin, end - begin));
        rest.remove_suffix(rest.ends_with('\r') ? 1 : 0);
        std::size_t indent = rest.find_first_not_of(' ');
        if (indent == std::string_view::npos || util::trim(rest).empty()) {
            return;
        }
        if (rest.starts_with("---") || rest.starts_with("...")) {
            levels_.clear();
            return;
        }
        rest.remove_prefix(indent);
        while (rest.starts_with("- ") || util::trim(rest) == "-") {
            close(indent, Dash::Yes);
            levels_.push_back({.indent = indent, .list = list_at(indent)});
            const std::size_t next = rest.find_first_not_of(' ', 1);
            if (next == std::string_view::npos) {
                return;
            }
            indent += next;
            rest.remove_prefix(next);
        }
        content(rest, indent, begin);
    }

    enum class Dash : std::uint8_t { No, Yes };

    // Items at the same place are of one list until something less indented
    // comes.
    std::uint32_t list_at(std::size_t indent) {
        if (last_list_ != 0 && last_list_indent_ == indent && is_list_open_) {
            return last_list_;
        }
        last_list_ = ++lists_;
        last_list_indent_ = indent;
        is_list_open_ = true;
        return last_list_;
    }

    void close(std::size_t indent, Dash dash) {
        while (!levels_.empty()) {
            const Level& last = levels_.back();
            // A list may stand at the indentation of its key.
            const bool is_inside =
                last.indent < indent ||
                (dash == Dash::Yes && last.indent == indent && !last.key.empty());
            if (is_inside) {
                break;
            }
            levels_.pop_back();
        }
        if (dash == Dash::No && indent <= last_list_indent_) {
            is_list_open_ = false;
        }
    }

    [[nodiscard]] std::vector<std::string> path() const {
        std::vector<std::string> out;
        for (const Level& level : levels_) {
            if (!level.key.empty()) {
                out.push_back(level.key);
            }
        }
        return out;
    }

    void add(std::string_view value, std::size_t offset, std::uint32_t list) {
        out_.push_back({path(), std::string(value), offset, list, false});
    }

    // What stands at `indent` of the line that begins at `begin`.
    void content(std::string_view rest, std::size_t indent, std::size_t begin) {
        const std::size_t colon = key_end(rest);
        const bool is_item =
            !levels_.empty() && levels_.back().list != 0 && levels_.back().indent < indent;
        const std::uint32_t list = is_item ? levels_.back().list : 0;
        if (colon == std::string_view::npos) {
            if (rest.front() == '[' || rest.front() == '{') {
                flow(begin + indent);
            } else {
                add(without_quotes(rest), begin + indent, list);
            }
            return;
        }
        close(indent, Dash::No);
        std::string key(without_quotes(rest.substr(0, colon)));
        if (key.find('/') != std::string::npos) {
            out_.push_back({path(), key, begin + indent, 0, true});
        }
        levels_.push_back({.indent = indent, .key = std::move(key)});
        std::string_view value = rest.substr(colon + 1);
        const std::size_t offset = begin + indent + colon + 1 + value.find_first_not_of(" \t");
        value = util::trim(value);
        if (value.empty()) {
            return;
        }
        if (value.front() == '|' || value.front() == '>') {
            block(indent);
        } else if ((value.front() == '[' || value.front() == '{') && !value.starts_with("{{")) {
            flow(offset);
        } else {
            add(without_quotes(value), offset, 0);
        }
    }

    // The colon behind a key, or npos.
    static std::size_t key_end(std::string_view rest) {
        std::size_t at = 0;
        if (rest.front() == '"' || rest.front() == '\'') {
            at = rest.find(rest.front(), 1);
            if (at == std::string_view::npos) {
                return at;
            }
        } else if (rest.front() == '[' || rest.front() == '{') {
            return std::string_view::npos;
        }
        for (at = rest.find(':', at); at != std::string_view::npos; at = rest.find(':', at + 1)) {
            if (at + 1 >= rest.size() || rest[at + 1] == ' ' || rest[at + 1] == '\r' ||
                rest[at + 1] == '\t') {
                return at;
            }
        }
        return std::string_view::npos;
    }

    void flow(std::size_t offset) {
        auto where = path();
        const std::size_t end = FlowReader(text_, out_, lists_).value(offset, where, 0);
        at_ = std::max(at_, end > line_end(offset) ? line_end(end) + 1 : at_);
    }

    // Lines more indented than the key, as one text.
    void block(std::size_t indent) {
        const std::size_t begin = std::min(at_, text_.size());
        while (at_ < text_.size()) {
            const std::string_view next = text_.substr(at_, line_end(at_) - at_);
            const std::size_t first = next.find_first_not_of(" \t\r");
            if (first != std::string_view::npos && first <= indent) {
                break;
            }
            at_ = line_end(at_) + 1;
        }
        at_ = std::max(begin, std::min(at_, text_.size()));
        add(text_.substr(begin, at_ - begin), begin, 0);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Level> levels_;
    std::vector<Entry> out_;
    std::uint32_t lists_ = 0;
    std::uint32_t last_list_ = 0;
    std::size_t last_list_indent_ = 0;
    bool is_list_open_ = false;
};

std::vector<std::string> dotted(std::string_view name) {
    std::vector<std::string> out;
    for (const std::string_view part : util::split(name, '.')) {
        out.emplace_back(without_quotes(part));
    }
    return out;
}

} // namespace

std::vector<Entry> read_json_entries(std::string_view text) {
    std::vector<Entry> out;
    std::uint32_t lists = 0;
    std::vector<std::string> path;
    FlowReader(text, out, lists).value(text.starts_with("\xEF\xBB\xBF") ? 3 : 0, path, 0);
    return out;
}

std::vector<Entry> read_yaml_entries(std::string_view text) {
    return YamlReader(text).run();
}

std::vector<Entry> read_toml_entries(std::string_view text) {
    std::vector<Entry> out;
    std::uint32_t lists = 0;
    std::vector<std::string> table;
    std::size_t at = 0;
    while (at < text.size() && out.size() < kMaxEntries) {
        const std::size_t newline = std::min(text.find('\n', at), text.size());
        const std::string_view line = util::trim(without_comment(text.substr(at, newline - at)));
        std::size_t next = newline + 1;
        const std::size_t equals = line.find('=');
        if (line.starts_with('[')) {
            const std::size_t first = line.find_first_not_of('[');
            const std::size_t close = line.find(']');
            table =
                first == std::string_view::npos || close == std::string_view::npos || close < first
                    ? std::vector<std::string>()
                    : dotted(line.substr(first, close - first));
        } else if (equals != std::string_view::npos && equals > 0) {
            std::vector<std::string> path = table;
            for (std::string& part : dotted(util::trim(line.substr(0, equals)))) {
                path.push_back(std::move(part));
            }
            std::size_t value = text.find('=', at) + 1;
            value = std::min(text.find_first_not_of(" \t", value), text.size());
            if (value < text.size() &&
                std::string_view("[{\"'").find(text[value]) != std::string_view::npos) {
                const std::size_t end = FlowReader(text, out, lists).value(value, path, 0);
                next = std::max(next, std::min(text.find('\n', end), text.size()) + 1);
            } else if (value < newline) {
                out.push_back(
                    {path,
                     std::string(util::trim(without_comment(text.substr(value, newline - value)))),
                     value,
                     0,
                     false}
                );
            }
        }
        at = next;
    }
    return out;
}

} // namespace railhub::scan
