// SPDX-License-Identifier: Apache-2.0
// Baselines: any JSON is one or is refused, and applying it never adds or loses findings.
#include "core/report/baseline.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = railhub::util::parse_json(railhub::tests::fuzz_text(data, size));
    if (!json.ok()) {
        return 0;
    }
    const auto baseline = railhub::report::Baseline::parse(*json);
    if (baseline.ok()) {
        railhub::report::Report report;
        report.findings.resize(2);
        baseline->apply(report);
        RAILHUB_ASSERT(report.findings.size() + report.known == 2);
    }
    return 0;
}
