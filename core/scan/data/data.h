// SPDX-License-Identifier: Apache-2.0
// The tables of this folder, as they were at build time.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::scan_data {

std::span<const util::EmbeddedFile> files();

} // namespace railhub::scan_data
