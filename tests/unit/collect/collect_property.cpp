// SPDX-License-Identifier: Apache-2.0
// The collector keeps exactly the closure, whatever the history: 2,000 random ones (200 in a
// build without optimization), or
// RAILHUB_COLLECT_HISTORIES of them; RAILHUB_COLLECT_SEED repeats one.
#include "tests/support/catch.h"
#include "tests/unit/collect/collect_model.h"

#include <cstdlib>

namespace railhub::tests {

namespace {

#ifdef __OPTIMIZE__
constexpr unsigned kHistories = 2000;
#else
constexpr unsigned kHistories = 200; // takes as long
#endif
constexpr int kSteps = 30;
constexpr int kStepsPerCheck = 6;

unsigned from_environment(const char* name, unsigned otherwise) {
    const char* const text = std::getenv(name);
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

void live_and_check(unsigned seed) {
    CollectModel model(seed);
    std::string steps;
    for (int step = 1; step <= kSteps; ++step) {
        INFO("seed " << seed << ", after: " << steps);
        steps += model.step() + "; ";
        INFO("seed " << seed << ": " << steps);
        if (step % kStepsPerCheck == 0) {
            model.check_kept();
        }
    }
    INFO("seed " << seed << ": " << steps);
    model.check_exact();
}

} // namespace

TEST_CASE("the collector keeps exactly what is needed, in random histories") {
    const unsigned only = from_environment("RAILHUB_COLLECT_SEED", 0);
    const unsigned histories = from_environment("RAILHUB_COLLECT_HISTORIES", kHistories);
    const unsigned first = only != 0 ? only : 1;
    const unsigned last = only != 0 ? only : histories;
    for (unsigned seed = first; seed <= last; ++seed) {
        live_and_check(seed);
    }
}

} // namespace railhub::tests
