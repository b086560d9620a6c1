// SPDX-License-Identifier: Apache-2.0
// Building sessions from the configuration.
#include "cli/connect.h"

#include "cli/login_store.h"

namespace railhub::cli {

namespace {

// A person waits: give up on a dead hub after a few seconds, not after a minute.
constexpr util::RetryPolicy kPatience{
    4, std::chrono::milliseconds(300), std::chrono::milliseconds(8000)};

} // namespace

Connection::Connection(Shell& shell, std::string token)
    : Connection(shell, std::move(token), kPatience) {}

Connection::Connection(Shell& shell, std::string token, util::RetryPolicy retry)
    : session(shell.http, shell.random, shell.config.endpoint, std::move(token), retry),
      hub(session) {}

util::Result<std::unique_ptr<Connection>> connect(Shell& shell) {
    if (shell.config.is_offline) {
        return util::fail(
            util::Code::Unavailable,
            "offline: the hub '" + shell.config.endpoint + "' is not asked",
            "leave out --offline and unset HF_HUB_OFFLINE"
        );
    }
    RAILHUB_TRY(std::string token, effective_token(shell.fs, shell.config));
    return std::make_unique<Connection>(shell, std::move(token));
}

} // namespace railhub::cli
