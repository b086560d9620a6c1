// SPDX-License-Identifier: Apache-2.0
// Log lines, and the sink that writes them to a descriptor.
#include "core/util/log.h"

#include "core/util/clock.h"
#include "core/util/json.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace railhub::util {

namespace {

std::string_view level_name(LogLevel level) {
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warn:
        return "warn";
    case LogLevel::Error:
        return "error";
    }
    return "unknown";
}

// Bare when nothing could confuse a reader of key=value; else quoted as in JSON, so that a value
// can never begin a line or a field of its own.
std::string log_value(std::string_view value) {
    const bool is_plain = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7F && c != '"' && c != '=' && c != '\\';
    });
    return is_plain ? std::string(value) : Json(value).dump();
}

std::string json_field(const LogField& field) {
    return Json(field.key).dump() + ":" +
           (field.is_number ? field.value : Json(field.value).dump());
}

class FdLog final : public LogSink {
  public:
    FdLog(int fd, LogFormat format, LogLevel least) : fd_(fd), format_(format), least_(least) {}

    void write(
        LogLevel level, std::string_view message, const std::vector<LogField>& fields
    ) noexcept override {
        if (level < least_) {
            return;
        }
        const std::string time = to_iso8601(SystemClock().now());
        std::string line = format_log_line(format_, time, level, message, fields);
        line += '\n';
        write_out(line);
    }

  private:
    void write_out(std::string_view line) const noexcept {
        while (!line.empty()) {
            const ssize_t count = ::write(fd_, line.data(), line.size());
            if (count < 0 && errno != EINTR) {
                return; // nobody is left to be told
            }
            line.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        }
    }

    int fd_;
    LogFormat format_;
    LogLevel least_;
};

} // namespace

std::string format_log_line(
    LogFormat format,
    std::string_view time,
    LogLevel level,
    std::string_view message,
    const std::vector<LogField>& fields
) {
    if (format == LogFormat::Json) {
        std::string line = "{" + json_field({"time", time}) + "," +
                           json_field({"level", level_name(level)}) + "," +
                           json_field({"msg", message});
        for (const LogField& field : fields) {
            line += "," + json_field(field);
        }
        return line + "}";
    }
    std::string line = "time=" + std::string(time) + " level=" + std::string(level_name(level)) +
                       " msg=" + log_value(message);
    for (const LogField& field : fields) {
        line += " " + field.key + "=" + log_value(field.value);
    }
    return line;
}

std::unique_ptr<LogSink> make_fd_log(int fd, LogFormat format, LogLevel least) {
    return std::make_unique<FdLog>(fd, format, least);
}

} // namespace railhub::util
