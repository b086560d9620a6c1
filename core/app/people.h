// SPDX-License-Identifier: Apache-2.0
// Users as authors of commits, and authors of commits as users.
#pragma once

#include "core/access/accounts.h"
#include "core/repo/repository.h"

#include <string>

namespace railhub::app {

// Name and e-mail that commits made by the hub carry for a user; without an e-mail address of his
// own he gets one that leads nowhere but to his name.
repo::Signature signature_of(const access::Identity& who, util::TimePoint now);

// The hub's user behind a commit's e-mail address, else the name in the commit.
util::Result<std::string> author_name(db::Transaction& tx, const repo::Signature& signature);

} // namespace railhub::app
