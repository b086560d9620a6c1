// SPDX-License-Identifier: Apache-2.0
// Records log lines and builds contexts.
#include "tests/support/test_context.h"

namespace railhub::tests {

void RecordingLog::write(
    util::LogLevel level, std::string_view message, const std::vector<util::LogField>& fields
) noexcept {
    std::string line =
        util::format_log_line(util::LogFormat::KeyValue, "-", level, message, fields);
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
}

std::vector<std::string> RecordingLog::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

util::Context TestContext::context() {
    return {.log = log, .progress = progress, .clock = clock, .stop = stop.get_token()};
}

} // namespace railhub::tests
