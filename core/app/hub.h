// SPDX-License-Identifier: Apache-2.0
// Hub: a data folder opened. The server and `railhub admin` both open it; the database keeps them
// from stepping on each other.
//
//   DATA/railhub.db    metadata, small git objects, accounts
//   DATA/objects/      blobs and large git objects
//   DATA/uploads/      multipart upload sessions
//   DATA/quarantine/   packs and commit bodies on their way in; emptied when a server starts
//   DATA/lock          held by the server that serves this folder
#pragma once

#include "core/app/deps.h"

#include <memory>
#include <string>

namespace railhub::app {

struct HubOptions {
    std::string folder;
    // Server: takes the lock (Conflict when another server holds it), empties the quarantine.
    // Tool: works beside a running server.
    enum class Role : std::uint8_t { Server, Tool } role = Role::Tool;
    // A tool must not make a new hub by mistyping a folder.
    enum class Absent : std::uint8_t { Create, Refuse } absent = Absent::Refuse;
    std::string license_gate = "off";
};

// Safe from any thread.
class Hub {
  public:
    // The context's references must outlive the hub.
    static util::Result<std::unique_ptr<Hub>>
    open(const util::Context& ctx, const HubOptions& options);
    virtual ~Hub() = default;
    virtual Deps& deps() = 0;
};

} // namespace railhub::app
