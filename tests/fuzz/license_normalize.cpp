// SPDX-License-Identifier: Apache-2.0
// Normaliser: any bytes; words lie in the original, in order, and their spelling in the buffer.
#include "core/license/normalize.h"
#include "tests/fuzz/fuzz.h"

namespace license = railhub::license;
namespace tests = railhub::tests;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const license::NormalText text = license::normalize(tests::fuzz_text(data, size));
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < text.words.size(); ++i) {
        const license::Word& word = text.words[i];
        RAILHUB_ASSERT(word.begin >= before && word.end > word.begin && word.end <= size);
        RAILHUB_ASSERT(!text.spelling(i).empty());
        RAILHUB_ASSERT(text.line_of(word.begin) >= 1);
        before = word.begin;
    }
    return 0;
}
