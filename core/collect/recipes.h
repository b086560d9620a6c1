// SPDX-License-Identifier: Apache-2.0
// Recipes as they are kept in cas_file.terms (0002_cas.sql), for moving them in and out of the
// trash and for checking them.
#pragma once

#include "core/util/bytes.h"

#include <cstdint>
#include <span>
#include <vector>

namespace railhub::collect {

struct RecipeTerm {
    std::int64_t segment = 0;
    std::uint32_t first = 0; // chunk
    std::uint32_t end = 0;
    std::uint32_t unpacked = 0;
};

// Corrupt when the length does not fit.
util::Result<std::vector<RecipeTerm>> unpack_terms(util::ByteView packed);
util::Bytes pack_terms(std::span<const RecipeTerm> terms);

} // namespace railhub::collect
