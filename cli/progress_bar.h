// SPDX-License-Identifier: Apache-2.0
// Progress as one line that is drawn over itself, for a terminal.
#pragma once

#include "cli/terminal.h"
#include "core/util/clock.h"
#include "core/util/guarded.h"
#include "core/util/progress.h"

#include <chrono>
#include <map>

namespace railhub::cli {

// Shows the oldest running task and how many others run. Safe from any thread. Terminal and clock
// are borrowed.
class ProgressBar final : public util::Progress {
  public:
    ProgressBar(Terminal& terminal, const util::Clock& clock)
        : terminal_(terminal), clock_(clock) {}

    std::uint64_t
    begin(std::string_view title, std::uint64_t total, std::string_view unit) noexcept override;
    void advance(std::uint64_t task, std::uint64_t amount) noexcept override;
    void end(std::uint64_t task) noexcept override;

  private:
    struct Bar {
        std::string title;
        std::string unit;
        std::uint64_t total = 0;
        std::uint64_t done = 0;
        std::chrono::steady_clock::time_point begun{};
    };

    struct State {
        std::map<std::uint64_t, Bar> bars;
        std::uint64_t next = 1;
        std::chrono::steady_clock::time_point drawn{};
    };

    void draw(State& state);

    Terminal& terminal_;
    const util::Clock& clock_;
    util::Guarded<State> state_;
};

} // namespace railhub::cli
