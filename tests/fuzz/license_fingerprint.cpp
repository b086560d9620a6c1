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
    const std::size_t dictionary = prints->dictionary_size();
    for (license::GramId gram = 0; gram < dictionary; ++gram) {
        for (const license::Posting& posting : prints->postings(gram)) {
            RAILHUB_ASSERT(posting.reference() < prints->references().size());
        }
    }
    for (const license::ClauseSpan& clause : prints->clauses()) {
        RAILHUB_ASSERT(clause.end <= prints->references()[clause.reference].words);
    }
    return 0;
}
