// SPDX-License-Identifier: Apache-2.0
// Drawing of the progress line, at most ten times a second.
#include "cli/progress_bar.h"

#include "cli/progress_lines.h"
#include "core/util/text.h"

#include <algorithm>

namespace railhub::cli {

namespace {

constexpr std::chrono::milliseconds kBetweenFrames{100};
constexpr std::size_t kBarWidth = 24;

std::string bar_text(std::uint64_t done, std::uint64_t total) {
    if (total == 0) {
        return {};
    }
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
    return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] ";
}

std::string
rate_text(std::uint64_t done, std::string_view unit, std::chrono::duration<double> spent) {
    if (unit != "B" || spent.count() < 0.5) {
        return {};
    }
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(done) / spent.count());
    return ", " + util::human_bytes(rate) + "/s";
}

} // namespace

std::uint64_t
ProgressBar::begin(std::string_view title, std::uint64_t total, std::string_view unit) noexcept {
    auto state = state_.access();
    const std::uint64_t id = state->next++;
    state->bars[id] = {std::string(title), std::string(unit), total, 0, clock_.steady()};
    draw(*state);
    return id;
}

void ProgressBar::advance(std::uint64_t task, std::uint64_t amount) noexcept {
    auto state = state_.access();
    if (const auto found = state->bars.find(task); found != state->bars.end()) {
        found->second.done += amount;
        draw(*state);
    }
}

void ProgressBar::end(std::uint64_t task) noexcept {
    auto state = state_.access();
    state->bars.erase(task);
    if (state->bars.empty()) {
        terminal_.draw("");
    }
}

void ProgressBar::draw(State& state) {
    const auto now = clock_.steady();
    if (state.bars.empty() || now - state.drawn < kBetweenFrames) {
        return;
    }
    state.drawn = now;
    const Bar& bar = state.bars.begin()->second;
    std::string line = bar_text(bar.done, bar.total) +
                       progress_text(bar.title, bar.done, bar.total, bar.unit) +
                       rate_text(bar.done, bar.unit, now - bar.begun);
    if (state.bars.size() > 1) {
        line += " +" + std::to_string(state.bars.size() - 1);
    }
    terminal_.draw(line.substr(0, terminal_.width() - 1));
}

} // namespace railhub::cli
