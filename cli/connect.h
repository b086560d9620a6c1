// SPDX-License-Identifier: Apache-2.0
// A hub as the command line's settings name it.
#pragma once

#include "cli/shell.h"
#include "core/transfer/hub_client.h"

#include <memory>

namespace railhub::cli {

// Session and client together; stays where it is.
struct Connection {
    Connection(Shell& shell, std::string token);
    Connection(Shell& shell, std::string token, util::RetryPolicy retry);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    transfer::Session session;
    transfer::HubClient hub;
};

// With the token in force. Unavailable when offline.
util::Result<std::unique_ptr<Connection>> connect(Shell& shell);

} // namespace railhub::cli
