// SPDX-License-Identifier: Apache-2.0
// Prints JSON: compact, indented or canonical. Whatever a value holds, the output is valid JSON in
// UTF-8: stray bytes become U+FFFD, and numbers that JSON cannot say become null.
#include "core/util/json.h"
#include "core/util/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace railhub::util {

namespace {

enum class PrintStyle : std::uint8_t { Compact, Pretty, Canonical };

bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void print_escape(char c, std::string& out) {
    constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetter = "\"\\bfnrt";
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += '\\';
    const std::size_t index = kPlain.find(c);
    if (index != std::string_view::npos) {
        out += kLetter[index];
        return;
    }
    out += "u00";
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
}

// Each byte that begins no valid sequence becomes a replacement character.
std::string with_replacements(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t length = 1;
        while (length <= std::min<std::size_t>(4, text.size()) &&
               !is_valid_utf8(text.substr(0, length))) {
            ++length;
        }
        const bool is_valid = length <= std::min<std::size_t>(4, text.size());
        out += is_valid ? text.substr(0, length) : std::string_view("\xEF\xBF\xBD");
        text.remove_prefix(is_valid ? length : 1);
    }
    return out;
}

void print_string(std::string_view text, std::string& out) {
    if (!is_valid_utf8(text)) {
        print_string(with_replacements(text), out);
        return;
    }
    out += '"';
    while (!text.empty()) {
        const auto stop = std::find_if(text.begin(), text.end(), needs_escape);
        const auto run = static_cast<std::size_t>(stop - text.begin());
        out += text.substr(0, run);
        text.remove_prefix(run);
        if (!text.empty()) {
            print_escape(text.front(), out);
            text.remove_prefix(1);
        }
    }
    out += '"';
}

template <class Number>
void print_number(Number number, std::string& out) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    out.append(buffer.data(), end);
}

// Shortest text that reads back as the same number, and as a double again.
void print_double(double number, std::string& out) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    const std::size_t start = out.size();
    print_number(number, out);
    if (out.find_first_of(".e", start) == std::string::npos) {
        out += ".0";
    }
}

class Printer {
  public:
    explicit Printer(PrintStyle style) : style_(style) {}

    void print(const Json& value, std::size_t depth) {
        switch (value.kind()) {
        case JsonKind::Null:
            out_ += "null";
            break;
        case JsonKind::Bool:
            out_ += *value.as_bool() ? "true" : "false";
            break;
        case JsonKind::Int:
            print_number(*value.as_int(), out_);
            break;
        case JsonKind::Uint:
            print_number(*value.as_uint(), out_);
            break;
        case JsonKind::Double:
            print_double(*value.as_double(), out_);
            break;
        case JsonKind::String:
            print_string(*value.as_string(), out_);
            break;
        case JsonKind::Array:
            print_array(*value.as_array(), depth);
            break;
        case JsonKind::Object:
            print_object(*value.as_object(), depth);
            break;
        }
    }

    std::string take() { return std::move(out_); }

  private:
    void print_array(const JsonArray& items, std::size_t depth) {
        out_ += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            begin_item(i, depth);
            print(items[i], depth + 1);
        }
        end_items(items.size(), depth);
        out_ += ']';
    }

    void print_object(const JsonObject& members, std::size_t depth) {
        std::vector<const JsonMember*> order(members.size());
        std::transform(members.begin(), members.end(), order.begin(), [](const JsonMember& member) {
            return &member;
        });
        if (style_ == PrintStyle::Canonical) {
            std::sort(order.begin(), order.end(), [](const JsonMember* a, const JsonMember* b) {
                return a->first < b->first;
            });
        }
        out_ += '{';
        for (std::size_t i = 0; i < order.size(); ++i) {
            begin_item(i, depth);
            print_string(order[i]->first, out_);
            out_ += style_ == PrintStyle::Pretty ? ": " : ":";
            print(order[i]->second, depth + 1);
        }
        end_items(order.size(), depth);
        out_ += '}';
    }

    void begin_item(std::size_t index, std::size_t depth) {
        if (index > 0) {
            out_ += ',';
        }
        break_line(depth + 1);
    }

    void end_items(std::size_t count, std::size_t depth) {
        if (count > 0) {
            break_line(depth);
        }
    }

    void break_line(std::size_t depth) {
        if (style_ == PrintStyle::Pretty) {
            out_ += '\n';
            out_.append(2 * depth, ' ');
        }
    }

    PrintStyle style_;
    std::string out_;
};

std::string print_json(const Json& value, PrintStyle style) {
    Printer printer(style);
    printer.print(value, 0);
    return printer.take();
}

} // namespace

std::string Json::dump() const {
    return print_json(*this, PrintStyle::Compact);
}

std::string Json::dump_pretty() const {
    return print_json(*this, PrintStyle::Pretty) + "\n";
}

std::string Json::dump_canonical() const {
    return print_json(*this, PrintStyle::Canonical);
}

} // namespace railhub::util
