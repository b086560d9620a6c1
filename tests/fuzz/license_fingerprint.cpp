// SPDX-License-Identifier: Apache-2.0
// Fingerprint files: read or refused; what is read can be searched.
#include "core/license/fingerprint.h"
#include "tests/fuzz/fuzz.h"

namespace license = railhub::license;
namespace tests = railhub::tests;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto prints = license::Fingerprints::parse(tests::fuzz_text(data, size));
    if (!prints.ok()) {
        return 0;
    }
    for (std::size_t i = 0; i < prints->references().size(); ++i) {
        for (const license::GramId gram : prints->grams(i)) {
            RAILHUB_ASSERT(!prints->postings(gram).empty());
        }
    }
    for (const license::ClauseSpan& clause : prints->clauses()) {
        RAILHUB_ASSERT(clause.end <= prints->references()[clause.reference].words);
    }
    return 0;
}
