// SPDX-License-Identifier: Apache-2.0
// Detector: any bytes; places lie in the file, scores in their range, and the expression is one
// line.
#include "core/license/detect.h"
#include "tests/fuzz/fuzz.h"

namespace license = railhub::license;
namespace tests = railhub::tests;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto found =
        license::detect(license::Fingerprints::built_in(), tests::fuzz_text(data, size));
    for (const license::LicenseMatch& match : found.matches) {
        RAILHUB_ASSERT(match.place.begin <= match.place.end && match.place.end <= size);
        RAILHUB_ASSERT(match.score >= 0 && match.score <= 100);
        for (const license::Difference& difference : match.differences) {
            RAILHUB_ASSERT(
                difference.place.begin <= difference.place.end && difference.place.end <= size
            );
        }
    }
    const auto write = [](std::string_view id) { return license::own_reference(id); };
    RAILHUB_ASSERT(license::expression_of(found, write).find('\n') == std::string::npos);
    return 0;
}
