// SPDX-License-Identifier: Apache-2.0
// Context: first parameter of whatever reads, writes or waits.
#pragma once

#include "core/util/clock.h"
#include "core/util/log.h"
#include "core/util/progress.h"
#include "core/util/result.h"

#include <stop_token>

namespace railhub::util {

// References are borrowed and outlive every call that gets the Context. Copy freely.
struct Context {
    LogSink& log;
    Progress& progress;
    Clock& clock;
    std::stop_token stop = {};

    // Cancelled when somebody asked to stop; call it in loops over bytes or entries.
    [[nodiscard]] Result<> check_stop() const {
        if (stop.stop_requested()) {
            return fail(Code::Cancelled, "interrupted");
        }
        return {};
    }
};

} // namespace railhub::util
