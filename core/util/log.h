// SPDX-License-Identifier: Apache-2.0
// Log for operators: key=value or JSON lines. A library function never chooses stdout or stderr.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace railhub::util {

enum class LogLevel : std::uint8_t { Debug, Info, Warn, Error };

enum class LogFormat : std::uint8_t { KeyValue, Json };

// One field; numbers are printed bare in JSON, strings are escaped.
struct LogField {
    LogField(std::string_view k, std::string_view v) : key(k), value(v) {}

    LogField(std::string_view k, const char* v) : key(k), value(v) {}

    LogField(std::string_view k, const std::string& v) : key(k), value(v) {}

    LogField(std::string_view k, std::int64_t v)
        : key(k), value(std::to_string(v)), is_number(true) {}

    LogField(std::string_view k, std::uint64_t v)
        : key(k), value(std::to_string(v)), is_number(true) {}

    LogField(std::string_view k, int v) : key(k), value(std::to_string(v)), is_number(true) {}

    std::string key;
    std::string value;
    bool is_number = false;
};

// Safe from any thread; noexcept because it runs in destructors and C callbacks.
class LogSink {
  public:
    virtual ~LogSink() = default;
    virtual void write(
        LogLevel level, std::string_view message, const std::vector<LogField>& fields
    ) noexcept = 0;

    void debug(std::string_view m, std::initializer_list<LogField> f = {}) noexcept {
        write(LogLevel::Debug, m, f);
    }

    void info(std::string_view m, std::initializer_list<LogField> f = {}) noexcept {
        write(LogLevel::Info, m, f);
    }

    void warn(std::string_view m, std::initializer_list<LogField> f = {}) noexcept {
        write(LogLevel::Warn, m, f);
    }

    void error(std::string_view m, std::initializer_list<LogField> f = {}) noexcept {
        write(LogLevel::Error, m, f);
    }
};

// Drops everything.
class NullLog final : public LogSink {
  public:
    void write(LogLevel, std::string_view, const std::vector<LogField>&) noexcept override {}
};

// Lines to a file descriptor (not owned), one write(2) each; messages below `least` are dropped.
std::unique_ptr<LogSink> make_fd_log(int fd, LogFormat format, LogLevel least);

// The line without newline, for tests and for the sink above. `time` is ISO 8601.
std::string format_log_line(
    LogFormat format,
    std::string_view time,
    LogLevel level,
    std::string_view message,
    const std::vector<LogField>& fields
);

} // namespace railhub::util
