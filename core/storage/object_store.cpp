// SPDX-License-Identifier: Apache-2.0
// What follows from the seam alone.
#include "core/storage/object_store.h"

namespace railhub::storage {

util::Result<std::optional<std::uint64_t>>
ObjectStore::size(const util::Context& ctx, std::string_view key) {
    RAILHUB_TRY(const auto found, info(ctx, key));
    return found ? std::optional(found->size) : std::nullopt;
}

} // namespace railhub::storage
