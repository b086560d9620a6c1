// SPDX-License-Identifier: Apache-2.0
// Progress that a git client shows as "remote: Counting objects: 42% (21/50)".
#pragma once

#include "core/repo/wire/pkt_line.h"

#include <map>

namespace railhub::repo::wire {

// To be used by the thread that writes the pack: both share one stream. A failed write is not told
// here; the pack's next write fails the same way.
class BandProgress final : public util::Progress {
  public:
    explicit BandProgress(PacketWriter& packets) : packets_(packets) {}

    std::uint64_t
    begin(std::string_view title, std::uint64_t total, std::string_view unit) noexcept override;
    void advance(std::uint64_t task, std::uint64_t amount) noexcept override;
    void end(std::uint64_t task) noexcept override;

  private:
    struct Phase {
        std::string title;
        std::uint64_t total = 0;
        std::uint64_t done = 0;
        std::uint64_t shown_percent = 0;
    };

    void show(const Phase& phase, std::string_view line_end) noexcept;

    PacketWriter& packets_;
    std::map<std::uint64_t, Phase> phases_;
    std::uint64_t next_ = 1;
};

} // namespace railhub::repo::wire
