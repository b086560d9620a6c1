// SPDX-License-Identifier: Apache-2.0
// Ends the process when we are wrong about ourselves; writes without allocating.
#include "core/util/assert.h"

#include <cstdio>
#include <cstdlib>

namespace railhub::util {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "railhub: bug: assertion '%s' failed at %s:%d\n", expression, file, line);
    std::abort();
}

} // namespace railhub::util
