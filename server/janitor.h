// SPDX-License-Identifier: Apache-2.0
// Janitor: a thread that sweeps what nobody asks for any more: upload sessions without activity.
#pragma once

#include "core/app/deps.h"

#include <thread>

namespace railhub::server {

// Ends and joins when it goes out of scope.
class Janitor {
  public:
    // Borrowed, must outlive it.
    Janitor(const util::Context& ctx, app::Deps& deps);

  private:
    std::jthread thread_;
};

} // namespace railhub::server
