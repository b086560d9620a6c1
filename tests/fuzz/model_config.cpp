// SPDX-License-Identifier: Apache-2.0
// Configs beside weights: whatever they say, facts stay bounded and can be kept.
#include "core/origin/read.h"
#include "tests/fuzz/fuzz.h"

namespace origin = railhub::origin;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = railhub::tests::fuzz_text(data, size);
    origin::Facts facts;
    origin::read_adapter_config(facts, text);
    origin::read_config(facts, text, "config.json");
    origin::settle_licenses(facts);
    const auto kept = origin::parse_facts(origin::to_json(facts));
    RAILHUB_ASSERT(kept.ok() && *kept == facts);
    return 0;
}
