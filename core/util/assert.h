// SPDX-License-Identifier: Apache-2.0
// RAILHUB_ASSERT: a bug in us. Stays on in release; input never reaches one.
#pragma once

namespace railhub::util {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

} // namespace railhub::util

#define RAILHUB_ASSERT(expression)                                                                 \
    ((expression) ? static_cast<void>(0)                                                           \
                  : ::railhub::util::assertion_failed(#expression, __FILE__, __LINE__))
