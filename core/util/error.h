// SPDX-License-Identifier: Apache-2.0
// Error: "what you asked could not be done". Findings of a check are data, not errors
// (core/report).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::util {

// What the caller can do about it. Servers map codes to statuses, the CLI to exit codes, each in a
// switch without default.
enum class Code : std::uint8_t {
    InvalidInput,
    NotFound,
    AlreadyExists,
    Conflict,
    Unauthenticated,
    PermissionDenied,
    TooLarge,
    Corrupt,
    Unavailable,
    Io,
    Cancelled,
};

// Stable lower-case name, e.g. "invalid-input"; used in JSON and logs.
std::string_view code_name(Code code);

// message: what failed first, lower case, subject in single quotes, no full stop, no credentials.
// hint: the next step (a command, flag or file), or empty. context: added on the way up, innermost
// first.
struct Error {
    Code code = Code::Io;
    std::string message;
    std::string hint = {};
    std::vector<std::string> context = {};
    // A word for programs where the code alone is not enough, or empty: one of the kReason... below
    // or of a higher module.
    std::string reason = {};
};

// The disk or the database is full: nothing was stored, and the same call works once there is room.
inline constexpr std::string_view kReasonNoSpace = "no-space";
// The machine failed, not the caller: what system_error makes, and broken databases. The message
// may name paths of this machine and is for its operator.
inline constexpr std::string_view kReasonSystem = "system";

// "outer: inner: message" on one line, without the hint.
std::string to_line(const Error& error);

// The last system error as Code::Io (or NotFound, PermissionDenied, AlreadyExists where errno says
// so): "cannot open 'x': no such file or directory".
Error system_error(std::string_view action, std::string_view subject, int error_number);

} // namespace railhub::util
