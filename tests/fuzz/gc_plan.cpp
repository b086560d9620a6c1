// SPDX-License-Identifier: Apache-2.0
// Any bytes as a collection plan; what parses is written and read again unchanged.
#include "core/collect/plan.h"
#include "tests/fuzz/fuzz.h"

using railhub::collect::parse_plan;
using railhub::collect::to_json;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto plan = parse_plan(railhub::tests::fuzz_text(data, size));
    if (plan.ok()) {
        const auto again = parse_plan(to_json(*plan).dump());
        RAILHUB_ASSERT(again.ok() && to_json(*again) == to_json(*plan));
    }
    return 0;
}
