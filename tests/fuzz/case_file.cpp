// SPDX-License-Identifier: Apache-2.0
// Files of worked cases: any JSON is refused or run, and the same case gives the same report.
#include "core/compliance/case_file.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto kKnowledge = railhub::license::Catalogue::built_in();
    RAILHUB_ASSERT(kKnowledge.ok());
    const auto json = railhub::util::parse_json(railhub::tests::fuzz_text(data, size));
    if (!json.ok()) {
        return 0;
    }
    const auto cases = railhub::compliance::parse_cases(*json);
    for (std::size_t i = 0; cases.ok() && i < cases->size() && i < 8; ++i) {
        const auto first = run_case(cases->at(i), *kKnowledge);
        RAILHUB_ASSERT(first.report == run_case(cases->at(i), *kKnowledge).report);
    }
    return 0;
}
