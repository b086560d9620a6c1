// SPDX-License-Identifier: Apache-2.0
// The only includer of toml++ for projects; its exceptions end here.
#include "core/project/document.h"

#include "core/util/text.h"

#include <toml++/toml.h>

#include <algorithm>
#include <exception>

namespace railhub::project {

namespace {

constexpr int kMaxLevels = 32;
constexpr std::size_t kMaxWhy = 200;

// Ends of a quoted text: the index after it.
std::size_t after_text(std::string_view text, std::size_t at) {
    const char quote = text[at];
    const std::string three(3, quote);
    const bool is_long = text.substr(at, 3) == three;
    std::size_t i = at + (is_long ? 3 : 1);
    while (i < text.size()) {
        if (quote == '"' && text[i] == '\\') {
            i += 2;
        } else if (is_long && text.substr(i, 3) == three) {
            return i + 3;
        } else if (!is_long && (text[i] == quote || text[i] == '\n')) {
            return i + 1;
        } else {
            ++i;
        }
    }
    return text.size();
}

// The library builds one table for each part of a dotted key and takes them apart by recursion, so
// deep keys are refused before it sees them. The offset of the first that is too deep, or npos.
std::size_t too_deep(std::string_view text) {
    int dots = 0;
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char ch = text[i];
        if (ch == '"' || ch == '\'') {
            i = after_text(text, i) - 1;
        } else if (ch == '#') {
            i = std::min(text.find('\n', i), text.size());
            dots = 0;
        } else if (ch == '.') {
            ++dots;
        } else if (ch == '[' || ch == '{') {
            ++open;
            dots = 0;
        } else if (ch == ']' || ch == '}') {
            open = std::max(0, open - 1);
            dots = 0;
        } else if (ch == '=' || ch == ',' || ch == '\n') {
            dots = 0;
        }
        if (dots > kMaxLevels || open > kMaxLevels) {
            return i;
        }
    }
    return std::string_view::npos;
}

class Converter {
  public:
    Converter(std::string_view text, const std::string& name) : name_(name) {
        lines_ = util::split(text, '\n');
    }

    // The library counts characters, we count bytes.
    [[nodiscard]] report::Location at(const toml::source_position& position) const {
        const auto line = static_cast<std::size_t>(position.line);
        std::size_t left = position.column > 0 ? static_cast<std::size_t>(position.column) - 1 : 0;
        std::size_t column = 0;
        if (line >= 1 && line <= lines_.size()) {
            const std::string_view row = lines_[line - 1];
            while (left > 0 && column < row.size()) {
                ++column;
                while (column < row.size() &&
                       (static_cast<unsigned char>(row[column]) & 0xC0U) == 0x80U) {
                    ++column;
                }
                --left;
            }
        }
        return {name_, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column + 1)};
    }

    [[nodiscard]] Value convert(const toml::node& node) const {
        Value value;
        value.at = at(node.source().begin);
        if (const toml::table* table = node.as_table()) {
            value.kind = Value::Kind::Table;
            value.members = members_of(*table);
        } else if (const toml::array* array = node.as_array()) {
            value.kind = Value::Kind::Array;
            for (const toml::node& item : *array) {
                value.items.push_back(convert(item));
            }
        } else {
            convert_scalar(node, value);
        }
        return value;
    }

  private:
    [[nodiscard]] std::vector<Member> members_of(const toml::table& table) const {
        std::vector<Member> members;
        for (const auto& [key, node] : table) {
            members.push_back({std::string(key.str()), at(key.source().begin), convert(node)});
        }
        std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
            return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
        });
        return members;
    }

    static void convert_scalar(const toml::node& node, Value& value) {
        if (const auto text = node.value_exact<std::string>()) {
            value.kind = Value::Kind::Text;
            value.text = *text;
        } else if (const auto number = node.value_exact<std::int64_t>()) {
            value.kind = Value::Kind::Number;
            value.number = *number;
        } else if (const auto flag = node.value_exact<bool>()) {
            value.kind = Value::Kind::Flag;
            value.flag = *flag;
        } else if (const auto date = node.value_exact<toml::date>()) {
            value.kind = Value::Kind::Date;
            value.date = {date->year, date->month, date->day};
        }
    }

    const std::string& name_;
    std::vector<std::string_view> lines_;
};

Mistake syntax(std::string message, report::Location at) {
    return {"project.syntax", std::move(message), "", std::move(at)};
}

Document broken(Mistake mistake) {
    Document document;
    document.root.kind = Value::Kind::Table;
    document.mistakes.push_back(std::move(mistake));
    return document;
}

report::Location place_of(std::string_view text, std::size_t offset, const std::string& name) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    return {
        name,
        static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
        static_cast<std::uint32_t>(offset - line_start + 1)};
}

std::string one_line(std::string_view why) {
    std::string out(why.substr(0, kMaxWhy));
    std::replace_if(
        out.begin(), out.end(), [](char ch) { return static_cast<unsigned char>(ch) < 0x20; }, ' '
    );
    return out;
}

} // namespace

const Value* Value::find(std::string_view key) const {
    for (const Member& member : members) {
        if (member.key == key) {
            return &member.value;
        }
    }
    return nullptr;
}

std::string_view kind_word(Value::Kind kind) {
    switch (kind) {
    case Value::Kind::Text:
        return "a text";
    case Value::Kind::Number:
        return "a whole number";
    case Value::Kind::Flag:
        return "true or false";
    case Value::Kind::Date:
        return "a date";
    case Value::Kind::Array:
        return "a list";
    case Value::Kind::Table:
        return "a table";
    case Value::Kind::Other:
        return "something else";
    }
    return "";
}

Document parse_document(std::string_view text, const std::string& name) {
    if (text.size() > kMaxProjectFile) {
        return broken(
            {"project.too-large", "the file is larger than 1 MiB", "", report::Location{name, 0, 0}}
        );
    }
    if (!util::is_valid_utf8(text)) {
        return broken(syntax("the file is not UTF-8", report::Location{name, 0, 0}));
    }
    if (const std::size_t deep = too_deep(text); deep != std::string_view::npos) {
        return broken(
            {"project.too-large",
             "tables are nested deeper than 32",
             "",
             place_of(text, deep, name)}
        );
    }
    const Converter converter(text, name);
    try {
        const toml::table table = toml::parse(text, name);
        Document document;
        document.root = converter.convert(table);
        return document;
    } catch (const toml::parse_error& error) {
        return broken(syntax(one_line(error.description()), converter.at(error.source().begin)));
    } catch (const std::exception& error) {
        return broken(syntax(one_line(error.what()), report::Location{name, 0, 0}));
    }
}

} // namespace railhub::project
