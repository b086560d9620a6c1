// SPDX-License-Identifier: Apache-2.0
// License expressions: what is printed reads back as the same value, normalising is stable, and
// choices are bounded.
#include "core/license/expression.h"
#include "tests/fuzz/fuzz.h"

using railhub::license::Expression;
using railhub::license::normalised;
using railhub::license::parse_expression;
using railhub::license::to_text;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parse_expression(railhub::tests::fuzz_text(data, size));
    if (!parsed.ok()) {
        return 0;
    }
    const auto again = parse_expression(to_text(*parsed));
    RAILHUB_ASSERT(again.ok() && to_text(*again) == to_text(*parsed));
    const Expression once = normalised(*parsed);
    RAILHUB_ASSERT(normalised(once) == once);
    const auto ways = railhub::license::alternatives(*parsed);
    RAILHUB_ASSERT(!ways.ok() || (!ways->empty() && ways->size() <= 256));
    return 0;
}
