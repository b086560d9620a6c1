// SPDX-License-Identifier: Apache-2.0
// Objects in memory: the reference implementation, and the store of tests that do not ask for a
// disk.
#pragma once

#include "core/storage/object_store.h"

namespace railhub::storage {

std::unique_ptr<ObjectStore> make_memory_store();

} // namespace railhub::storage
