// SPDX-License-Identifier: Apache-2.0
// Progress lines on side band 2.
#include "core/repo/wire/band_progress.h"

namespace railhub::repo::wire {

std::uint64_t
BandProgress::begin(std::string_view title, std::uint64_t total, std::string_view) noexcept {
    phases_.emplace(next_, Phase{std::string(title), total});
    return next_++;
}

void BandProgress::advance(std::uint64_t task, std::uint64_t amount) noexcept {
    const auto found = phases_.find(task);
    if (found == phases_.end()) {
        return;
    }
    Phase& phase = found->second;
    phase.done += amount;
    const std::uint64_t percent = phase.total == 0 ? 0 : phase.done * 100 / phase.total;
    if (percent > phase.shown_percent) {
        phase.shown_percent = percent;
        show(phase, "\r");
    }
}

void BandProgress::end(std::uint64_t task) noexcept {
    const auto found = phases_.find(task);
    if (found != phases_.end()) {
        show(found->second, ", done.\n");
        phases_.erase(found);
    }
}

void BandProgress::show(const Phase& phase, std::string_view line_end) noexcept {
    std::string line = phase.title + ": ";
    if (phase.total == 0) {
        line += std::to_string(phase.done);
    } else {
        line += std::to_string(phase.done * 100 / phase.total) + "% (" +
                std::to_string(phase.done) + "/" + std::to_string(phase.total) + ")";
    }
    line += line_end;
    static_cast<void>(packets_.band(Band::Progress, util::as_bytes(line)).ok());
}

} // namespace railhub::repo::wire
