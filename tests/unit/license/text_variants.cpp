// SPDX-License-Identifier: Apache-2.0
// Each variant is a plain pass over lines or bytes.
#include "tests/unit/license/text_variants.h"

#include <sstream>
#include <vector>

namespace railhub::tests {

namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string each_line(std::string_view text, std::string_view before) {
    std::string out;
    for (const std::string& line : lines_of(text)) {
        out += std::string(before) + line + '\n';
    }
    return out;
}

bool is_blank_line(const std::string& line) {
    return line.find_first_not_of(" \t\r") == std::string::npos;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

} // namespace

std::string rewrapped(std::string_view text, std::size_t width) {
    std::string out;
    std::size_t column = 0;
    for (const std::string& line : lines_of(text)) {
        if (is_blank_line(line)) {
            out += column == 0 ? "\n" : "\n\n";
            column = 0;
            continue;
        }
        std::istringstream words(line);
        for (std::string word; words >> word;) {
            if (column > 0 && column + word.size() > width) {
                out += '\n';
                column = 0;
            }
            out += (column == 0 ? "" : " ") + word;
            column += word.size() + 1;
        }
    }
    return out + '\n';
}

std::string as_html(std::string_view text) {
    std::string out =
        "<!DOCTYPE html>\n<html><head><title>License</title><style>p { margin: 1em }</style>"
        "</head>\n<body class=\"page\">\n<p>";
    std::size_t number = 0;
    for (std::string line : lines_of(text)) {
        line = replaced(replaced(replaced(line, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
        line = replaced(line, "\"", "&quot;");
        if (is_blank_line(line)) {
            out += "</p>\n<p>";
        } else {
            out += ++number % 7 == 0 ? "<b>" + line + "</b><br/>\n" : line + "\n";
        }
    }
    return out + "</p></body></html>\n";
}

std::string with_other_holders(std::string_view text) {
    std::string out;
    for (const std::string& line : lines_of(text)) {
        const std::size_t start = line.find_first_not_of(" \t*#");
        const std::string_view rest =
            start == std::string::npos ? "" : std::string_view(line).substr(start);
        const bool states = rest.starts_with("Copyright (c)") ||
                            rest.starts_with("Copyright (C)") || rest.starts_with("Copyright 19") ||
                            rest.starts_with("Copyright 20");
        out += states ? "Copyright (c) 2017-2024 Blue Heron Instruments GmbH <info@example.org>"
                      : line;
        out += '\n';
    }
    return out;
}

std::string as_c_comment(std::string_view text) {
    return "/*\n" + each_line(replaced(std::string(text), "*/", "* /"), " * ") +
           " */\n#include <stdio.h>\n\nint main(void) {\n    for (int i = 0; i < 3; ++i) {\n"
           "        printf(\"%d\\n\", i);\n    }\n    return 0;\n}\n";
}

std::string as_hash_comment(std::string_view text) {
    return "#!/usr/bin/env python3\n" + each_line(text, "# ") +
           "\nimport os\n\n\ndef size_of(path):\n    return os.stat(path).st_size\n";
}

std::string truncated(std::string_view text, unsigned percent) {
    return std::string(text.substr(0, text.size() * percent / 100));
}

std::string as_scanned(std::string_view text, unsigned every, std::uint32_t seed) {
    constexpr std::array<std::array<std::string_view, 2>, 8> kMistakes = {
        {{"l", "1"},
         {"i", "l"},
         {"o", "0"},
         {"m", "rn"},
         {"e", "c"},
         {"h", "b"},
         {"fi", "f1"},
         {"t", "f"}}};
    std::string out;
    std::uint32_t state = seed * 2654435761U + 1;
    const auto random = [&state] {
        state = state * 1664525U + 1013904223U;
        return state >> 8U;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool done = false;
        if (random() % every == 0) {
            for (std::size_t turn = 0; turn < kMistakes.size() && !done; ++turn) {
                const auto& [from, to] = kMistakes[(random() + turn) % kMistakes.size()];
                if (text.substr(i).starts_with(from)) {
                    out += to;
                    i += from.size() - 1;
                    done = true;
                }
            }
        }
        if (!done) {
            out += text[i];
        }
    }
    return out;
}

std::string as_windows_text(std::string_view text) {
    std::string out = "\xEF\xBB\xBF";
    bool open = true;
    for (const char ch : text) {
        if (ch == '\n') {
            out += "\r\n";
        } else if (ch == '"') {
            out += open ? "\xE2\x80\x9C" : "\xE2\x80\x9D";
            open = !open;
        } else if (ch == '\'') {
            out += "\xE2\x80\x99";
        } else {
            out += ch;
        }
    }
    return out;
}

std::string as_markdown(std::string_view text) {
    std::string out = "# License\n\n";
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        out += is_blank_line(line) ? "\n"
               : number % 5 == 0   ? "**" + line + "**  \n"
                                   : "> " + line + "\n";
    }
    return out;
}

} // namespace railhub::tests
