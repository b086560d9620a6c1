// SPDX-License-Identifier: Apache-2.0
// JSON of the Hub API -> the values of hub_client.h. Internal to core/transfer.
#pragma once

#include "core/transfer/hub_client.h"

namespace railhub::transfer {

// "/api/models/owner/name" + rest, and "/datasets/owner/name".
std::string api_path(const types::RepoId& id, std::string_view rest);
std::string web_path(const types::RepoId& id);

// Corrupt when the answer names nobody.
util::Result<WhoAmI> read_whoami(const util::Json& json);
RepoInfo read_repo(const util::Json& json);
// Corrupt when path or object id are missing or malformed.
util::Result<RemoteEntry> read_entry(const util::Json& json);
std::vector<RemoteRef> read_refs(const util::Json* list);
RemoteCommit read_commit(const util::Json& json);
// Corrupt when parts are missing or do not add up to the size.
util::Result<LfsObject> read_lfs_object(const util::Json& json);

} // namespace railhub::transfer
