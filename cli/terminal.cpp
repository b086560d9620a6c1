// SPDX-License-Identifier: Apache-2.0
// Writing to stdout and stderr, colours, column layout.
#include "cli/terminal.h"

#include <algorithm>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace railhub::cli {

namespace {

std::string_view style_code(Style style) {
    switch (style) {
    case Style::Plain:
        return "0";
    case Style::Bold:
        return "1";
    case Style::Dim:
        return "2";
    case Style::Red:
        return "31";
    case Style::Yellow:
        return "33";
    case Style::Green:
        return "32";
    }
    return "0";
}

// A closed pipe is the reader's business: what cannot be written is dropped.
void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto done = ::write(fd, text.data(), text.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(done));
    }
}

// Switches the terminal's echo off while it lives.
class SilentInput {
  public:
    SilentInput() {
        is_tty_ = ::tcgetattr(STDIN_FILENO, &saved_) == 0;
        termios silent = saved_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (is_tty_) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        }
    }

    SilentInput(const SilentInput&) = delete;
    SilentInput& operator=(const SilentInput&) = delete;

    ~SilentInput() {
        if (is_tty_) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved_);
        }
    }

  private:
    termios saved_{};
    bool is_tty_ = false;
};

std::optional<std::string> read_input_line(Terminal::Echo echo) {
    constexpr std::size_t kLongest = std::size_t{64} << 10;
    std::optional<SilentInput> silent;
    if (echo == Terminal::Echo::Off) {
        silent.emplace();
    }
    std::string line;
    char c = 0;
    while (line.size() < kLongest && ::read(STDIN_FILENO, &c, 1) == 1) {
        if (c == '\n') {
            return line;
        }
        line.push_back(c);
    }
    return line.empty() ? std::nullopt : std::optional(line);
}

// Number of characters (not bytes) of UTF-8 text.
std::size_t shown_width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

} // namespace

void Terminal::clear_drawing() {
    if (has_drawing_) {
        options_.err("\r\x1b[K");
        has_drawing_ = false;
    }
}

void Terminal::print(std::string_view text) {
    const std::lock_guard lock(mutex_);
    clear_drawing();
    options_.out(text);
}

void Terminal::say(std::string_view line) {
    if (options_.is_quiet) {
        return;
    }
    const std::lock_guard lock(mutex_);
    clear_drawing();
    options_.err(std::string(line) + "\n");
}

void Terminal::warn(std::string_view line) {
    say(styled_err(Style::Yellow, "warning:") + " " + std::string(line));
}

void Terminal::complain(std::string_view label, std::string_view line) {
    const std::string head = label.empty() ? std::string() : styled_err(Style::Red, label) + " ";
    const std::string text = head + std::string(line) + "\n";
    const std::lock_guard lock(mutex_);
    clear_drawing();
    options_.err(text);
}

std::optional<std::string> Terminal::ask(std::string_view prompt, Echo echo) {
    if (!options_.read_line) {
        return std::nullopt;
    }
    if (options_.in_is_tty) {
        const std::lock_guard lock(mutex_);
        clear_drawing();
        options_.err(prompt);
    }
    auto line = options_.read_line(echo);
    if (options_.in_is_tty && echo == Echo::Off) {
        options_.err("\n"); // the one the person typed was not shown
    }
    return line;
}

void Terminal::draw(std::string_view text) {
    const std::lock_guard lock(mutex_);
    options_.err("\r\x1b[K");
    options_.err(text);
    has_drawing_ = !text.empty();
}

std::string Terminal::paint(bool is_tty, Style style, std::string_view text) const {
    const bool colored =
        options_.color == ColorWhen::Always || (options_.color == ColorWhen::Auto && is_tty);
    if (!colored || style == Style::Plain) {
        return std::string(text);
    }
    return "\x1b[" + std::string(style_code(style)) + "m" + std::string(text) + "\x1b[0m";
}

std::string Terminal::styled(Style style, std::string_view text) const {
    return paint(options_.out_is_tty, style, text);
}

std::string Terminal::styled_err(Style style, std::string_view text) const {
    return paint(options_.err_is_tty, style, text);
}

Terminal::Options process_terminal() {
    Terminal::Options options;
    options.out = [](std::string_view text) { write_all(STDOUT_FILENO, text); };
    options.err = [](std::string_view text) { write_all(STDERR_FILENO, text); };
    options.read_line = read_input_line;
    options.in_is_tty = ::isatty(STDIN_FILENO) == 1;
    options.out_is_tty = ::isatty(STDOUT_FILENO) == 1;
    options.err_is_tty = ::isatty(STDERR_FILENO) == 1;
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        options.width = size.ws_col;
    }
    return options;
}

std::string align(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], shown_width(row[i]));
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) {
                line += std::string(widths[i] - shown_width(row[i]) + 2, ' ');
            }
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

} // namespace railhub::cli
