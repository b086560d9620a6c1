// SPDX-License-Identifier: Apache-2.0
// JavaScript and TypeScript source -> Syntax. Types are stepped over, markup in
// code (JSX) is read as far as its braces; what cannot be read is skipped a
// token at a time.
#pragma once

#include "core/scan/syntax.h"

namespace railhub::scan {

// `source` must outlive the result. Nesting is bounded.
Syntax parse_javascript(std::string_view source);

} // namespace railhub::scan
