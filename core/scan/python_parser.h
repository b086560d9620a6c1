// SPDX-License-Identifier: Apache-2.0
// Python source -> Syntax. Reads what Python reads and more (both major
// versions, code that is being written): a statement it cannot read is skipped
// to the next line.
#pragma once

#include "core/scan/syntax.h"

namespace railhub::scan {

// `source` must outlive the result. Linear in its size; nesting is bounded
// (deeper expressions become Unknown).
Syntax parse_python(std::string_view source);

} // namespace railhub::scan
