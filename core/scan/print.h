// SPDX-License-Identifier: Apache-2.0
// Findings for people and for programs (schemas/scan-report.v1.schema.json).
#pragma once

#include "core/scan/use.h"
#include "core/util/json.h"

#include <string>

namespace railhub::scan {

std::string to_text(const Findings& findings);
util::Json to_json(const Findings& findings);

} // namespace railhub::scan
