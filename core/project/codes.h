// SPDX-License-Identifier: Apache-2.0
// Codes of the project check: what they are worth, and which codes railhub.toml may name. Their
// words stand in core/report/codes.cpp.
#pragma once

#include "core/report/finding.h"

#include <string>
#include <string_view>
#include <vector>

namespace railhub::project {

// Is it a rule of core/compliance, or a row of core/report/codes.h?
bool is_code(std::string_view id);
// All of those, for hints.
std::vector<std::string> code_ids();

// A finding of the project check, with its severity; the rest is the caller's.
report::Finding finding_of(std::string_view code, std::string subject, std::string message);

} // namespace railhub::project
