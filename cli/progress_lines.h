// SPDX-License-Identifier: Apache-2.0
// Progress as plain lines, for logs and pipes: one when a task has gone on for a while, one at its
// end if it took long.
#pragma once

#include "cli/terminal.h"
#include "core/util/clock.h"
#include "core/util/guarded.h"
#include "core/util/progress.h"

#include <chrono>
#include <map>

namespace railhub::cli {

// Safe from any thread. Terminal and clock are borrowed.
class ProgressLines final : public util::Progress {
  public:
    ProgressLines(Terminal& terminal, const util::Clock& clock)
        : terminal_(terminal), clock_(clock) {}

    std::uint64_t
    begin(std::string_view title, std::uint64_t total, std::string_view unit) noexcept override;
    void advance(std::uint64_t task, std::uint64_t amount) noexcept override;
    void end(std::uint64_t task) noexcept override;

  private:
    struct Line {
        std::string title;
        std::string unit;
        std::uint64_t total = 0;
        std::uint64_t done = 0;
        std::chrono::steady_clock::time_point said{};
        bool was_said = false;
    };

    struct State {
        std::map<std::uint64_t, Line> lines;
        std::uint64_t next = 1;
    };

    Terminal& terminal_;
    const util::Clock& clock_;
    util::Guarded<State> state_;
};

// "model.safetensors: 1.2 GB of 4.0 GB (30%)".
std::string progress_text(
    std::string_view title, std::uint64_t done, std::uint64_t total, std::string_view unit
);

} // namespace railhub::cli
