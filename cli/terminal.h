// SPDX-License-Identifier: Apache-2.0
// Terminal: where text goes. stdout is the result, stderr is the talk; colour and width only where
// a person looks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace railhub::cli {

enum class Style : std::uint8_t { Plain, Bold, Dim, Red, Yellow, Green };

enum class ColorWhen : std::uint8_t { Auto, Always, Never };

// Safe from any thread: each call is written whole.
class Terminal {
  public:
    using Sink = std::function<void(std::string_view)>;
    enum class Echo : std::uint8_t { On, Off };

    struct Options {
        Sink out;
        Sink err;
        // A line of standard input without its newline; nullopt at the end. `echo` says whether a
        // person may see what they type.
        std::function<std::optional<std::string>(Echo echo)> read_line = {};
        bool in_is_tty = false;
        bool out_is_tty = false;
        bool err_is_tty = false;
        std::size_t width = 80;
        ColorWhen color = ColorWhen::Auto;
        bool is_quiet = false; // talk is dropped, errors are not
    };

    explicit Terminal(Options options) : options_(std::move(options)) {}

    // The result: data, unchanged.
    void print(std::string_view text);
    // Talk: one line to stderr, newline added; nothing when quiet.
    void say(std::string_view line);
    // "warning: ..." to stderr; nothing when quiet.
    void warn(std::string_view line);
    // An error line to stderr, always.
    void complain(std::string_view label, std::string_view line);
    // Shows the prompt on stderr when a person is there, then reads a line of standard input.
    std::optional<std::string> ask(std::string_view prompt, Echo echo);
    // Raw to stderr, for progress.
    void draw(std::string_view text);

    [[nodiscard]] bool in_is_tty() const { return options_.in_is_tty; }

    [[nodiscard]] bool out_is_tty() const { return options_.out_is_tty; }

    [[nodiscard]] bool err_is_tty() const { return options_.err_is_tty; }

    [[nodiscard]] std::size_t width() const { return options_.width; }

    [[nodiscard]] bool is_quiet() const { return options_.is_quiet; }

    void set_quiet() { options_.is_quiet = true; }

    void set_color(ColorWhen when) { options_.color = when; }

    // `text` in that style where stdout (or stderr) shows colours, else as it is.
    [[nodiscard]] std::string styled(Style style, std::string_view text) const;
    [[nodiscard]] std::string styled_err(Style style, std::string_view text) const;

  private:
    [[nodiscard]] std::string paint(bool is_tty, Style style, std::string_view text) const;
    void clear_drawing();

    Options options_;
    std::mutex mutex_;
    bool has_drawing_ = false; // a progress line stands on stderr without newline
};

// The process's own stdout and stderr.
Terminal::Options process_terminal();

// Columns aligned with two blanks between; the last one is not padded. Rows may be ragged.
std::string align(const std::vector<std::vector<std::string>>& rows);

} // namespace railhub::cli
