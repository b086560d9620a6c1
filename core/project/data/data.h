// SPDX-License-Identifier: Apache-2.0
// The tables beside this file, embedded by the build.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::project_data {

std::span<const util::EmbeddedFile> files();

} // namespace railhub::project_data
