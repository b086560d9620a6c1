// SPDX-License-Identifier: Apache-2.0
// The git_odb_backend over an ObjectSource's rows and memory. Included by .cpp files of this
// folder.
#pragma once

#include "core/repo/detail/git.h"
#include "core/repo/detail/object_source.h"

namespace railhub::repo::detail {

// The odb that takes it frees it. `source` outlives the odb; nullptr has no objects.
git_odb_backend* make_odb_backend(ObjectSource* source);
void set_source(git_odb_backend* backend, ObjectSource* source);

} // namespace railhub::repo::detail
