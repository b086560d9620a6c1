// SPDX-License-Identifier: Apache-2.0
// Overrides: YAML or JSON that a person hands over.
#include "core/origin/overrides.h"
#include "tests/fuzz/fuzz.h"

namespace origin = railhub::origin;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto overrides = origin::parse_overrides(railhub::tests::fuzz_text(data, size));
    if (overrides.ok()) {
        origin::Facts facts;
        static_cast<void>(
            origin::apply_overrides(facts, *overrides, railhub::types::RepoKind::Model, ".")
        );
    }
    return 0;
}
