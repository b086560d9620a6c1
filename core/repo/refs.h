// SPDX-License-Identifier: Apache-2.0
// Rows of git_ref: read, and move from an expected value. For this module; others use Repository
// and apply_push.
#pragma once

#include "core/db/database.h"
#include "core/repo/repository.h"

#include <optional>
#include <vector>

namespace railhub::repo {

struct StoredRef {
    std::int64_t row = 0;
    Ref ref;
    std::optional<std::int64_t> path_set;
};

util::Result<std::optional<StoredRef>>
find_ref(db::Transaction& tx, std::int64_t repo, std::string_view name);
// By name.
util::Result<std::vector<StoredRef>> list_refs(db::Transaction& tx, std::int64_t repo);
// The name is free: no ref of this name, none that is a folder of it, none below it. Conflict
// otherwise.
util::Result<> check_ref_name_free(db::Transaction& tx, std::int64_t repo, std::string_view name);
// Returns the new row.
util::Result<std::int64_t> insert_ref(db::Transaction& tx, std::int64_t repo, const Ref& ref);
util::Result<> update_ref(
    db::Transaction& tx, std::int64_t row, const types::Oid& target, const types::Oid& peeled
);
util::Result<>
set_ref_path_set(db::Transaction& tx, std::int64_t row, std::optional<std::int64_t> path_set);
util::Result<> delete_ref(db::Transaction& tx, std::int64_t row);

} // namespace railhub::repo
