// SPDX-License-Identifier: Apache-2.0
// Progress lines every few seconds.
#include "cli/progress_lines.h"

#include "core/util/text.h"

#include <algorithm>

namespace railhub::cli {

namespace {

constexpr std::chrono::seconds kBetweenLines{5};

std::string amount_text(std::uint64_t amount, std::string_view unit) {
    return unit == "B" ? util::human_bytes(amount)
                       : std::to_string(amount) + " " + std::string(unit);
}

} // namespace

std::string progress_text(
    std::string_view title, std::uint64_t done, std::uint64_t total, std::string_view unit
) {
    std::string text = std::string(title) + ": " + amount_text(done, unit);
    if (total > 0) {
        // What was sent twice after a failure counts twice.
        const auto share = static_cast<int>(
            std::min(100.0, 100.0 * static_cast<double>(done) / static_cast<double>(total))
        );
        text += " of " + amount_text(total, unit) + " (" + std::to_string(share) + "%)";
    }
    return text;
}

std::uint64_t
ProgressLines::begin(std::string_view title, std::uint64_t total, std::string_view unit) noexcept {
    auto state = state_.access();
    const std::uint64_t id = state->next++;
    state->lines[id] = {std::string(title), std::string(unit), total, 0, clock_.steady(), false};
    return id;
}

void ProgressLines::advance(std::uint64_t task, std::uint64_t amount) noexcept {
    auto state = state_.access();
    const auto found = state->lines.find(task);
    if (found == state->lines.end()) {
        return;
    }
    Line& line = found->second;
    line.done += amount;
    if (clock_.steady() - line.said < kBetweenLines) {
        return;
    }
    line.said = clock_.steady();
    line.was_said = true;
    terminal_.say(progress_text(line.title, line.done, line.total, line.unit));
}

void ProgressLines::end(std::uint64_t task) noexcept {
    auto state = state_.access();
    const auto found = state->lines.find(task);
    if (found == state->lines.end()) {
        return;
    }
    if (found->second.was_said) {
        const Line& line = found->second;
        terminal_.say(progress_text(line.title, line.done, line.total, line.unit));
    }
    state->lines.erase(found);
}

} // namespace railhub::cli
