// SPDX-License-Identifier: Apache-2.0
// Janitor: a thread that runs the background jobs that are due (core/app/jobs.h).
#pragma once

#include "core/app/jobs.h"

#include <thread>

namespace railhub::server {

// Ends and joins when it goes out of scope.
class Janitor {
  public:
    // Borrowed, must outlive it.
    Janitor(const util::Context& ctx, app::Deps& deps, const app::JobSettings& settings);

  private:
    std::jthread thread_;
};

} // namespace railhub::server
