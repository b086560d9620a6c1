// SPDX-License-Identifier: Apache-2.0
// Help pages and examples embedded from cli/commands/*.md and cli/rules/*.md. Only help.cpp reads
// them.
#pragma once

#include "core/util/embedded.h"

#include <span>

namespace railhub::cli_pages {

// Ordered by path ("commands/push.md").
std::span<const util::EmbeddedFile> files();

} // namespace railhub::cli_pages
