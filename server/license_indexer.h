// SPDX-License-Identifier: Apache-2.0
// LicenseIndexer: a thread that judges repos anew after something in their lineage changed
// (core/app/license_index.h). Several servers may do so at once: what one has done the others do
// not find.
#pragma once

#include "core/app/license_index.h"

#include <thread>

namespace railhub::server {

// Ends and joins when it goes out of scope.
class LicenseIndexer {
  public:
    // Borrowed, must outlive it.
    LicenseIndexer(const util::Context& ctx, app::Deps& deps);

  private:
    std::jthread thread_;
};

} // namespace railhub::server
