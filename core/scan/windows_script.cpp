// SPDX-License-Identifier: Apache-2.0
#include "core/scan/windows_script.h"

#include "core/scan/characters.h"
#include "core/util/text.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace railhub::scan {

namespace {

constexpr std::size_t kNowhere = std::string::npos;

// Calls `work` with the beginning and the end of each line.
void each_line(
    const std::string& text, const std::function<void(std::size_t begin, std::size_t end)>& work
) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        work(begin, end);
        begin = end + 1;
    }
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < std::min(end, text.size()); ++i) {
        text[i] = text[i] == '\n' ? '\n' : ' ';
    }
}

void blank_comments(std::string& text) {
    for (std::size_t open = text.find("<#"); open != kNowhere; open = text.find("<#", open)) {
        const std::size_t close = text.find("#>", open);
        blank(text, open, close == kNowhere ? text.size() : close + 2);
    }
}

// The sign at the end of a line that says it goes on.
void join_lines(std::string& text, char sign) {
    each_line(text, [&](std::size_t begin, std::size_t end) {
        const std::size_t last = end > begin ? text.find_last_not_of(" \t\r", end - 1) : kNowhere;
        if (last != kNowhere && last >= begin && text[last] == sign && end < text.size()) {
            text[last] = ' ';
            text[end - 1] = '\\';
        }
    });
}

// Where the name of `$name = `, `[string]$env:NAME = ` or `name = ` stands in a line, and its
// value.
struct Assignment {
    std::size_t name = kNowhere;
    std::size_t name_end = 0;
    std::size_t value = 0;
};

Assignment assignment_in(const std::string& text, std::size_t begin, std::size_t end) {
    Assignment out;
    std::size_t at = text.find_first_not_of(" \t", begin);
    while (at < end && text[at] == '[') { // types and attributes
        const std::size_t close = text.find(']', at);
        at = close >= end ? end : text.find_first_not_of(" \t", close + 1);
    }
    if (at < end && text[at] == '$') {
        const std::size_t colon = text.find(':', at);
        const std::size_t equals = text.find('=', at);
        at = colon < equals && colon < end ? colon + 1 : at + 1;
    }
    out.name = at;
    while (at < end && is_word(text[at])) {
        ++at;
    }
    out.name_end = at;
    at = text.find_first_not_of(" \t", at);
    const bool is_equals = at < end && text[at] == '=' && text.compare(at, 2, "==") != 0;
    out.value = is_equals ? text.find_first_not_of(" \t", at + 1) : kNowhere;
    if (out.name == out.name_end || out.value >= end) {
        out.name = kNowhere;
    }
    return out;
}

// $name = "value" -> name="value", $names = @( -> names=(
void move_assignment(std::string& text, std::size_t begin, std::size_t end) {
    const Assignment found = assignment_in(text, begin, end);
    if (found.name == kNowhere) {
        return;
    }
    const std::string name = text.substr(found.name, found.name_end - found.name);
    const bool is_list = text.compare(found.value, 2, "@(") == 0;
    const std::size_t equals = is_list ? found.value : found.value - 1;
    blank(text, begin, found.value);
    text[equals] = '=';
    text.replace(equals - name.size(), name.size(), name);
}

} // namespace

std::string powershell_as_shell(std::string text) {
    blank_comments(text);
    std::replace(text.begin(), text.end(), '\\', '/');
    join_lines(text, '`');
    each_line(text, [&](std::size_t begin, std::size_t end) { move_assignment(text, begin, end); });
    for (std::size_t i = 1; i < text.size(); ++i) { // "one", "two"
        const bool is_behind_text = text[i - 1] == '"' || text[i - 1] == '\'';
        text[i] = text[i] == ',' && is_behind_text ? ' ' : text[i];
    }
    return text;
}

std::string batch_as_shell(std::string text) {
    std::replace(text.begin(), text.end(), '\\', '/');
    join_lines(text, '^');
    each_line(text, [&](std::size_t begin, std::size_t end) {
        std::size_t at = text.find_first_not_of(" \t@", begin);
        at = std::min(at, end);
        const std::string first = util::lower(std::string_view(text).substr(at, 4));
        if (first.starts_with("rem ") || first.starts_with("::")) {
            blank(text, begin, end);
        }
    });
    return text;
}

} // namespace railhub::scan
