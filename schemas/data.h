// SPDX-License-Identifier: Apache-2.0
// The JSON Schemas of schemas/, embedded.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::schemas_data {

// Ordered by path ("model-card.v1.schema.json", ...).
std::span<const util::EmbeddedFile> files();

} // namespace railhub::schemas_data
