// SPDX-License-Identifier: Apache-2.0
// Use: what the project does with an artifact. Policy: how contested questions are answered and
// which verdict fails (licenses 6.1). Both plain values with the documented defaults.
#pragma once

#include "core/license/restrictions.h"
#include "core/report/report.h"

#include <cstdint>
#include <optional>

namespace railhub::compliance {

// Absent = not stated.
struct Use {
    // Distribute: copies leave the organisation (a push to a hub that others read). Serve: others
    // use it remotely. Internal: nothing leaves.
    enum class Delivery : std::uint8_t {
        Internal,
        Serve,
        Distribute
    } delivery = Delivery::Distribute;
    enum class Modification : std::uint8_t { Modified, Unmodified };
    std::optional<Modification> modification = {}; // overrides what the edges say
    enum class Purpose : std::uint8_t { Commercial, NonCommercial };
    std::optional<Purpose> purpose = {};
};

struct Policy {
    license::Cover restriction_cover = license::Cover::Strict;
    // Records read only in secondary sources: a person decides, or they are taken at face value.
    enum class UnreadRecord : std::uint8_t {
        NeedsHuman,
        Accept
    } unread_record = UnreadRecord::NeedsHuman;
    // The gate closes, and `check` exits 1, at this verdict or worse.
    report::Verdict fail_on = report::Verdict::Conflict;
};

} // namespace railhub::compliance
