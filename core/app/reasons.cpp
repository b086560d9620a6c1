// SPDX-License-Identifier: Apache-2.0
// The errors that several use cases give, worded once.
#include "core/app/reasons.h"

namespace railhub::app {

util::Error with_reason(util::Error error, std::string_view reason) {
    error.reason = reason;
    return error;
}

util::Error repo_missing() {
    return with_reason(util::fail(util::Code::NotFound, "Repository not found"), kRepoMissing);
}

util::Error revision_missing(std::string_view revision) {
    return with_reason(
        util::fail(util::Code::NotFound, "Invalid rev id: " + std::string(revision)),
        kRevisionMissing
    );
}

util::Error entry_missing() {
    return with_reason(util::fail(util::Code::NotFound, "Entry not found"), kEntryMissing);
}

} // namespace railhub::app
