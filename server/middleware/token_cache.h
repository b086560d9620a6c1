// SPDX-License-Identifier: Apache-2.0
// Who a token is, remembered between requests for as long as the access generation stands still.
#pragma once

#include "core/access/accounts.h"
#include "core/util/digest.h"
#include "core/util/guarded.h"

#include <map>
#include <memory>
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

  private:
    struct State {
        std::int64_t generation = 0;
        std::map<util::Sha256, SharedIdentity> known;
    };

    util::Guarded<State> state_;
};

} // namespace railhub::server
