// SPDX-License-Identifier: Apache-2.0
// railhub.toml: comes along with code that somebody else wrote.
#include "core/project/read.h"
#include "tests/fuzz/fuzz.h"

namespace project = railhub::project;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const project::Reading reading =
        project::read_project(railhub::tests::fuzz_text(data, size), "railhub.toml");
    for (const project::Mistake& mistake : reading.mistakes) {
        RAILHUB_ASSERT(!project::to_line(mistake).empty());
    }
    return 0;
}
