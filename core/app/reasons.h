// SPDX-License-Identifier: Apache-2.0
// Words in util::Error::reason that use cases add where a caller needs more than the code; the
// server sends the first four as X-Error-Code (hub-api section 2.2).
#pragma once

#include "core/util/error.h"
#include "core/util/result.h"

#include <string>
#include <string_view>

namespace railhub::app {

inline constexpr std::string_view kRepoMissing = "RepoNotFound";
inline constexpr std::string_view kRevisionMissing = "RevisionNotFound";
inline constexpr std::string_view kEntryMissing = "EntryNotFound";
inline constexpr std::string_view kStaleParent = "stale-parent"; // the branch moved: 412
inline constexpr std::string_view kUnprocessable =
    "unprocessable"; // understood, but makes no sense: 422

util::Error repo_missing();
util::Error revision_missing(std::string_view revision);
util::Error entry_missing();

// The same error with a reason.
util::Error with_reason(util::Error error, std::string_view reason);

template <class T>
util::Result<T> with_reason(util::Result<T> result, util::Code when, std::string_view reason) {
    if (!result.ok() && result.error().code == when) {
        return with_reason(std::move(result).error(), reason);
    }
    return result;
}

} // namespace railhub::app
