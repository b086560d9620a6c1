// SPDX-License-Identifier: Apache-2.0
// Names of error codes, one-line rendering, and errors of the operating system.
#include "core/util/error.h"

#include <cerrno>
#include <cstring>

namespace railhub::util {

namespace {

Code code_of_errno(int error_number) {
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
        return Code::NotFound;
    case EACCES:
    case EPERM:
    case EROFS:
        return Code::PermissionDenied;
    case EEXIST:
    case ENOTEMPTY:
        return Code::AlreadyExists;
    default:
        return Code::Io;
    }
}

std::string hint_of_errno(int error_number) {
    switch (error_number) {
    case ENOSPC:
    case EDQUOT:
        return "free some space on that disk, then try again";
    case EMFILE:
    case ENFILE:
        return "raise the limit of open files (ulimit -n)";
    default:
        return {};
    }
}

std::string words_of_errno(int error_number) {
    char buffer[256] = {};
    // The GNU form: may return a constant text instead of filling the buffer.
    std::string words = ::strerror_r(error_number, buffer, sizeof buffer);
    // "No such file" -> "no such file", but "RPC struct is bad" stays.
    const bool is_word = words.size() > 1 && words[1] >= 'a' && words[1] <= 'z';
    if (is_word && words[0] >= 'A' && words[0] <= 'Z') {
        words[0] = static_cast<char>(words[0] - 'A' + 'a');
    }
    return words;
}

} // namespace

std::string_view code_name(Code code) {
    switch (code) {
    case Code::InvalidInput:
        return "invalid-input";
    case Code::NotFound:
        return "not-found";
    case Code::AlreadyExists:
        return "already-exists";
    case Code::Conflict:
        return "conflict";
    case Code::Unauthenticated:
        return "unauthenticated";
    case Code::PermissionDenied:
        return "permission-denied";
    case Code::TooLarge:
        return "too-large";
    case Code::Corrupt:
        return "corrupt";
    case Code::Unavailable:
        return "unavailable";
    case Code::Io:
        return "io";
    case Code::Cancelled:
        return "cancelled";
    }
    return "unknown";
}

std::string to_line(const Error& error) {
    std::string line;
    for (auto where = error.context.rbegin(); where != error.context.rend(); ++where) {
        line += *where;
        line += ": ";
    }
    line += error.message;
    return line;
}

Error system_error(std::string_view action, std::string_view subject, int error_number) {
    std::string message = "cannot ";
    message += action;
    message += " '";
    message += subject;
    message += "': ";
    message += words_of_errno(error_number);
    const bool is_full = error_number == ENOSPC || error_number == EDQUOT;
    return Error{
        .code = code_of_errno(error_number),
        .message = std::move(message),
        .hint = hint_of_errno(error_number),
        .reason = std::string(is_full ? kReasonNoSpace : kReasonSystem),
    };
}

} // namespace railhub::util
