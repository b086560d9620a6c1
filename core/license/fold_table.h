// SPDX-License-Identifier: Apache-2.0
// One character -> what it counts as: part of the normaliser, shared by its steps.
#pragma once

#include "core/license/normalize.h"

namespace railhub::license {

// Appends the folded form of a code point: nothing, one byte, or some.
void append_folded(MarkedText& out, char32_t point, std::uint32_t from);

// Separates words and belongs to none; a long dash becomes one.
inline constexpr char kSeparator = '\x02';

// Before each character of a script without blanks: every character is a word.
inline constexpr char kSingle = '\x03';

} // namespace railhub::license
