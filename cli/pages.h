// SPDX-License-Identifier: Apache-2.0
// Help pages embedded from cli/commands/*.md. Only help.cpp reads them.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::cli_pages {

// Ordered by path ("commands/push.md").
std::span<const util::EmbeddedFile> files();

} // namespace railhub::cli_pages
