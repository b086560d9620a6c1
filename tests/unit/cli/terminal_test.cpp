// SPDX-License-Identifier: Apache-2.0
// Columns, progress lines and bar.
#include "cli/progress_bar.h"
#include "cli/progress_lines.h"
#include "cli/terminal.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"

namespace railhub::tests {

namespace {

struct Screen {
    std::string out;
    std::string err;

    cli::Terminal terminal() {
        cli::Terminal::Options options;
        options.out = [this](std::string_view text) { out += text; };
        options.err = [this](std::string_view text) { err += text; };
        options.width = 60;
        return cli::Terminal(std::move(options));
    }
};

} // namespace

TEST_CASE("columns are aligned by characters, not bytes", "[cli]") {
    CHECK(cli::align({{"é", "x"}, {"ab", "y"}, {"only"}}) == "é     x\nab    y\nonly\n");
    CHECK(cli::align({{"a", ""}}) == "a\n");
    CHECK(cli::align({}).empty());
}

TEST_CASE("progress lines come only for long tasks", "[cli]") {
    Screen screen;
    auto terminal = screen.terminal();
    FakeClock clock;
    cli::ProgressLines progress(terminal, clock);
    const auto quick = progress.begin("quick", 10, "B");
    progress.advance(quick, 10);
    progress.end(quick);
    CHECK(screen.err.empty());
    const auto slow = progress.begin("slow", 2000, "B");
    clock.advance(std::chrono::seconds(6));
    progress.advance(slow, 1000);
    progress.advance(slow, 1000);
    progress.end(slow);
    CHECK(screen.err == "slow: 1.0 kB of 2.0 kB (50%)\nslow: 2.0 kB of 2.0 kB (100%)\n");
}

TEST_CASE("the progress bar gives way to lines and goes in the end", "[cli]") {
    Screen screen;
    auto terminal = screen.terminal();
    FakeClock clock;
    cli::ProgressBar progress(terminal, clock);
    clock.advance(std::chrono::seconds(1));
    const auto task = progress.begin("files", 4, "files");
    clock.advance(std::chrono::seconds(1));
    progress.advance(task, 2);
    CHECK_THAT(
        screen.err, ContainsSubstring("[############............] files: 2 files of 4 files (50%)")
    );
    terminal.say("a line");
    CHECK_THAT(screen.err, EndsWith("\r\x1b[Ka line\n"));
    progress.end(task);
    CHECK_THAT(screen.err, EndsWith("\r\x1b[K"));
}

} // namespace railhub::tests
