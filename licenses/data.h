// SPDX-License-Identifier: Apache-2.0
// The JSON files of licenses/, embedded. Only core/license reads them.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::licenses_data {

// Ordered by path ("apache-2.0/license.json", "restrictions/taxonomy.json", ...).
std::span<const util::EmbeddedFile> files();

} // namespace railhub::licenses_data
