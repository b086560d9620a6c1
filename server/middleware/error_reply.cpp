// SPDX-License-Identifier: Apache-2.0
#include "server/middleware/error_reply.h"

#include "core/app/reasons.h"
#include "core/cas/engine.h"

namespace railhub::server {

namespace {

using util::Code;

int status_of_code(Code code) {
    switch (code) {
    case Code::InvalidInput:
        return 400;
    case Code::NotFound:
        return 404;
    case Code::AlreadyExists:
    case Code::Conflict:
        return 409;
    case Code::Unauthenticated:
        return 401;
    case Code::PermissionDenied:
        return 403;
    case Code::TooLarge:
        return 413;
    case Code::Corrupt:
    case Code::Io:
        return 500;
    case Code::Unavailable:
    case Code::Cancelled:
        return 503;
    }
    return 500;
}

// Statuses that a reason decides. 507 for a full disk: clients retry 500 and 503 for half a minute.
struct ReasonStatus {
    std::string_view reason;
    int status;
};

constexpr ReasonStatus kReasonStatuses[] = {
    {app::kStaleParent, 412},
    {app::kUnprocessable, 422},
    {cas::kRangePastEnd, 416},
    {util::kReasonNoSpace, 507},
    {util::kReasonSystem, 500},
};

bool is_public_code(std::string_view reason) {
    return reason == app::kRepoMissing || reason == app::kRevisionMissing ||
           reason == app::kEntryMissing;
}

std::string shown_message(const util::Error& error, int status) {
    if (status == 401 && error.reason == app::kRepoMissing) {
        return "Invalid username or password.";
    }
    if (error.reason == util::kReasonNoSpace) {
        return "the hub has no space left; nothing was stored";
    }
    if (is_our_fault(error)) {
        return "the hub could not do this; its log says why";
    }
    return error.hint.empty() ? error.message : error.message + "; " + error.hint;
}

std::string body_of(const std::string& message, const ErrorScene& scene) {
    switch (scene.style) {
    case ErrorStyle::Api:
        return util::Json::object({{"error", message}}).dump();
    case ErrorStyle::Lfs:
        return util::Json::object({{"message", message}}).dump();
    case ErrorStyle::Git:
        return message + "\n";
    }
    return message;
}

std::string_view type_of(ErrorStyle style) {
    switch (style) {
    case ErrorStyle::Api:
        return "application/json; charset=utf-8";
    case ErrorStyle::Lfs:
        return "application/vnd.git-lfs+json";
    case ErrorStyle::Git:
        return "text/plain; charset=utf-8";
    }
    return "text/plain";
}

} // namespace

bool is_our_fault(const util::Error& error) {
    return error.reason == util::kReasonSystem || error.reason == util::kReasonNoSpace ||
           error.code == Code::Io || error.code == Code::Corrupt;
}

int status_of(const util::Error& error, Caller caller) {
    if (error.reason == app::kRepoMissing) {
        return caller == Caller::Anonymous ? 401 : 404;
    }
    for (const ReasonStatus& row : kReasonStatuses) {
        if (row.reason == error.reason) {
            return row.status;
        }
    }
    return status_of_code(error.code);
}

http::Response error_reply(const util::Error& error, const ErrorScene& scene) {
    const int status = status_of(error, scene.caller);
    const std::string message = shown_message(error, status);
    auto reply = http::Response::text(status, body_of(message, scene), type_of(scene.style));
    if (is_public_code(error.reason)) {
        reply.header("X-Error-Code", error.reason);
    }
    reply.header("X-Error-Message", message);
    if (error.reason == app::kEntryMissing && scene.commit) {
        reply.header("X-Repo-Commit", scene.commit->hex());
    }
    if (status == 401 && scene.style != ErrorStyle::Api) {
        reply.header("WWW-Authenticate", "Basic realm=\"railhub\"");
        if (scene.style == ErrorStyle::Lfs) {
            reply.header("LFS-Authenticate", "Basic realm=\"Git LFS\"");
        }
    }
    reply.log_note = error.reason.empty() ? std::string(util::code_name(error.code)) : error.reason;
    return reply;
}

} // namespace railhub::server
