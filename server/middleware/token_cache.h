// SPDX-License-Identifier: Apache-2.0
// Who a token is, remembered between requests for as long as the access generation stands still.
#pragma once

#include "core/access/accounts.h"
#include "core/util/digest.h"
#include "core/util/guarded.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace railhub::server {

using SharedIdentity = std::shared_ptr<const access::Identity>;

// Safe from any thread.
class TokenCache {
  public:
    // nullptr: unknown, expired or revoked. `generation` is that of the transaction's snapshot, so
    // a revoked token is nobody from the next request on.
    util::Result<SharedIdentity> identify(
        db::Transaction& tx, std::int64_t generation, std::int64_t now_ms, std::string_view secret
    );

    // The user of a Xet token, with the rights of the hub token that it was got with (0: none).
    struct Session {
        std::string user;
        std::int64_t token = 0;
    };

    // nullptr: user or token are gone.
    util::Result<SharedIdentity> identify_session(
        db::Transaction& tx, std::int64_t generation, std::int64_t now_ms, const Session& session
    );

  private:
    using Load = std::function<util::Result<std::optional<access::Identity>>()>;

    util::Result<SharedIdentity> remembered(
        const util::Sha256& key, std::int64_t generation, std::int64_t now_ms, const Load& load
    );

    struct State {
        std::int64_t generation = 0;
        std::map<util::Sha256, SharedIdentity> known;
    };

    util::Guarded<State> state_;
};

} // namespace railhub::server
