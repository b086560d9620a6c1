// SPDX-License-Identifier: Apache-2.0
// What a source file does with the artifacts it names; a guess from its path and its words.
#pragma once

#include "core/scan/unit.h"
#include "core/scan/use.h"

namespace railhub::scan {

Role guess_role(const Unit& unit, ArtifactKind kind);
Role guess_role(std::string_view path, std::string_view text, ArtifactKind kind);

} // namespace railhub::scan
