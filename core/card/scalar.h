// SPDX-License-Identifier: Apache-2.0
// What a YAML scalar means, by the YAML 1.2 core schema.
#pragma once

#include "core/util/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace railhub::card {

// `tag` as yaml-cpp gives it: "?" plain, "!" quoted, else the full tag. nullopt for tags that are
// not of the core schema. Infinities and NaN become null: JSON has no other word for them.
std::optional<util::Json> resolve_scalar(std::string_view tag, const std::string& text);

} // namespace railhub::card
