// SPDX-License-Identifier: Apache-2.0
// What became of a locked artifact: the difference between the lock and what the hub says now, in
// words. Pure.
#pragma once

#include "core/lock/lock.h"
#include "core/report/finding.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::lock {

// What the hub says of an artifact now.
struct Current {
    std::string id;
    std::string revision;
    origin::Facts facts;
};

struct Change {
    std::string_view code; // "lock.changed-text": a row of report::codes()
    std::string message;
};

// nullopt: the hub has no such artifact any more. Changes of license, text and origin each stand by
// themselves; a commit that changes none of them is one "lock.moved". Empty: nothing changed.
std::vector<Change> changes_of(const Artifact& locked, const std::optional<Current>& now);

// What breaks a promise of the lock is an error, the rest a note.
report::Severity severity_of(std::string_view code);

} // namespace railhub::lock
