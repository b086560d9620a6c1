// SPDX-License-Identifier: Apache-2.0
// SPDX license expressions: parsed, normalised, and asked whether licenses somebody accepts satisfy
// them (SPDX specification, annex on license expressions). An OR is a choice, never a sum.
#pragma once

#include "core/util/result.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace railhub::license {

// One license of an expression. Ids are kept as written; comparing is exact.
struct SimpleLicense {
    std::string id;        // "GPL-2.0", "LicenseRef-x", "DocumentRef-a:LicenseRef-b"
    bool or_later = false; // written with '+'
    std::string exception; // after WITH; empty when there is none

    auto operator<=>(const SimpleLicense&) const = default;
};

struct Expression {
    enum class Kind : std::uint8_t { License, And, Or } kind = Kind::License;
    SimpleLicense license;            // of Kind::License
    std::vector<Expression> operands; // of And and Or: two or more

    bool operator==(const Expression&) const = default;
};

// Ids beside those of the grammar that are taken whole, such as "openrail++".
using KnownId = std::function<bool(std::string_view)>;

// Operators are AND, OR, WITH in capitals or in small letters; WITH binds closest, OR least.
// Limits: 4 KiB, 64 levels, 256 licenses. InvalidInput says where it stops making sense.
util::Result<Expression> parse_expression(std::string_view text, const KnownId& known = {});

// Back to text with the fewest parentheses.
std::string to_text(const Expression& expression);
std::string to_text(const SimpleLicense& license);

// One spelling for equal meaning: old GNU ids become "-only" and "-or-later", nested operators of
// one kind are one, operands are sorted and stand once.
Expression normalised(const Expression& expression);

// The ways to choose: each is a list of licenses that apply together, sorted, without doubles.
// TooLarge beyond 256 ways.
util::Result<std::vector<std::vector<SimpleLicense>>> alternatives(const Expression& expression);

// Does accepting `accepted` (as far as '+' and '-or-later' reach) cover `wanted`?
bool covers(const SimpleLicense& accepted, const SimpleLicense& wanted);

// Is there a choice whose every license is covered by one that is accepted? Each of `accepted` is
// one license, with '+' or WITH if need be; InvalidInput for an AND or OR among them.
util::Result<bool> satisfies(const Expression& expression, std::span<const std::string> accepted);

} // namespace railhub::license
