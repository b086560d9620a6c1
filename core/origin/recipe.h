// SPDX-License-Identifier: Apache-2.0
// Merge recipes as mergekit writes them: which models go into a merge. Pure; foreign text.
#pragma once

#include "core/origin/reference.h"

#include <string_view>
#include <vector>

namespace railhub::origin {

// The models a recipe names, in order, each once, at most 1,000; "model+lora" names two. Empty when
// the YAML is no recipe. Several documents in one file count together; what one document names that
// another one makes is left out. InvalidInput and TooLarge when it is no YAML within the limits.
util::Result<std::vector<Reference>> parse_recipe(std::string_view yaml);

// The recipes in the fenced blocks of a card's prose, together; blocks that are none are passed
// over. At most 8 blocks of 64 KiB are looked at.
std::vector<Reference> recipes_in_prose(std::string_view prose);

} // namespace railhub::origin
