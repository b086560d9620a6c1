// SPDX-License-Identifier: Apache-2.0
// TestContext: everything a Context borrows, in one object; what was logged can be looked at.
#pragma once

#include "core/util/context.h"
#include "tests/support/fake_clock.h"

#include <mutex>
#include <string>
#include <vector>

namespace railhub::tests {

// Keeps every line as key=value without time. Safe from any thread.
class RecordingLog final : public util::LogSink {
  public:
    void write(
        util::LogLevel level, std::string_view message, const std::vector<util::LogField>& fields
    ) noexcept override;

    [[nodiscard]] std::vector<std::string> lines() const;

  private:
    mutable std::mutex mutex_; // guards lines_
    std::vector<std::string> lines_;
};

// Outlives every Context it hands out.
class TestContext {
  public:
    // Its stop token is that of `stop`.
    [[nodiscard]] util::Context context();

    RecordingLog log;
    util::NullProgress progress;
    FakeClock clock;
    std::stop_source stop;
};

} // namespace railhub::tests
