// SPDX-License-Identifier: Apache-2.0
// Small pieces of JSON that several handlers read or write.
#pragma once

#include "core/access/permissions.h"
#include "core/repo/repository.h"
#include "core/util/clock.h"
#include "core/util/json.h"
#include "core/xet/hash.h"

#include <optional>
#include <string>

namespace railhub::server::api {

std::string iso_date(std::int64_t seconds);          // of commits
std::string iso_date_of_millis(std::int64_t millis); // of rows

// A tree entry as tree and paths-info show it (hub-api section 6.1).
// `xet`: hash of a large file that can be had over Xet.
util::Json entry_json(const repo::TreeEntry& entry, const std::optional<xet::Hash>& xet);

// Member as a list of strings; one string counts as a list of one; InvalidInput for other kinds.
util::Result<std::vector<std::string>> text_list(const util::Json& body, std::string_view key);

// Member as a string; InvalidInput when it is there and none.
util::Result<std::string> text_member(const util::Json& body, std::string_view key);

// "private" or "visibility"; nullopt when neither is there.
util::Result<std::optional<bool>> privacy_of(const util::Json& body);

} // namespace railhub::server::api
